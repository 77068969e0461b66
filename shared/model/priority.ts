/** The named steps on the 0–100 scale of decision 16. */
export const priority = { low: 0, normal: 20, high: 50, urgent: 80 } as const;
