/**
 * The class of the canary's provider, which has no other. What it holds is no capacity of a
 * cloud, so reports leave it out.
 */
export const CANARY_CLASS = "CUSTOM_PLACEMENT_CANARY";
