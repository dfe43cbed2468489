/** Certificates of authorities to trust. Node takes a text without any as an empty list, and then trusts nobody. */
import { X509Certificate } from "node:crypto";

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Whether a text holds certificates in PEM, at least one, and all of them can be read. */
export function holdsCertificates(pem: string): boolean {
  const blocks = pem.match(BLOCK) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
    return blocks.length > 0;
  } catch {
    return false;
  }
}
