import type { Driver } from "../driver.ts";

/** Gives a lease back early; one that somebody else holds by now is left alone. */
export async function releaseLease(driver: Driver, name: string, holder: string): Promise<void> {
  await driver.query("update lease set until = 0 where name = $1 and holder = $2", [name, holder]);
}
