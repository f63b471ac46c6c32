/** The mark: three panels of a board. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <rect x="7" y="7" width="10" height="7" rx="2" fill="var(--accent-text)" />
      <rect x="19" y="7" width="6" height="18" rx="2" fill="var(--accent-text)" opacity="0.72" />
      <rect x="7" y="16" width="10" height="9" rx="2" fill="var(--accent-text)" opacity="0.88" />
    </svg>
  );
}
