/** A switch about to close a line: what a substation is for. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 18 18" fill="none" stroke="currentColor" strokeWidth="1.8" aria-hidden className={className}>
      <path d="M1 12h5l3-7M12 12h5" />
      <circle cx="10.6" cy="12" r="1.4" />
    </svg>
  )
}
