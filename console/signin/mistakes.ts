export type Mistakes = {
  email?: "emailMissing" | "emailWrong";
  password?: "passwordMissing";
};

/** What can be said of the fields before asking the server. */
export function mistakesIn(email: string, password: string): Mistakes {
  const address = email.trim();
  const emailMistake =
    address === "" ? "emailMissing" : /^\S+@\S+$/.test(address) ? null : "emailWrong";
  return {
    ...(emailMistake && { email: emailMistake }),
    ...(password === "" && { password: "passwordMissing" as const }),
  };
}
