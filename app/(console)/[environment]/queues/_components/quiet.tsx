/** Words beside a value that matter less. */
export function Quiet({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}
