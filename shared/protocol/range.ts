/**
 * Versions of this protocol the code here speaks. N and N−1 live side by side once there is an N−1.
 * Apart from the schemas, so that a browser can say it without carrying them.
 */
export const protocolRange = { min: 1, max: 1 } as const;
