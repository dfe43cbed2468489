/**
 * The aliases of an operation's function. Who invokes it is told by the alias, which
 * no payload can set: API Gateway alone may invoke `http`, and what comes on
 * `direct` is never believed to be API Gateway's.
 */
export const HTTP_ALIAS = "http";
export const DIRECT_ALIAS = "direct";
