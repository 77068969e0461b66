/**
 * The visitor's secret (decision 18): the one given if it is one, else 32 new random bytes as
 * base64url. getRandomValues, because the rest of Web Crypto is missing on pages served over http.
 */
export const visitorToken = (known: string | null): string =>
  known?.length === 43
    ? known
    : btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replace("=", "");
