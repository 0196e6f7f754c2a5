/** Whether the embedded provider answers: only where nobody has set an issuer to trust. */
export function isProviderOn(config: { readonly issuers: readonly unknown[] }): boolean {
  return config.issuers.length === 0;
}
