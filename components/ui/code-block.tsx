import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'

interface CodeBlockProps {
  code: string
  /** Of the button: "Copy these lines". */
  copy: string
  className?: string
}

/** Lines to be copied. */
export function CodeBlock({ code, copy, className }: CodeBlockProps) {
  return (
    <div className={cn('relative min-w-0 rounded-lg border border-line bg-sunk', className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto p-3 pr-10 text-sm leading-5">
        {code}
      </pre>
      <CopyButton value={code} label={copy} className="absolute top-1.5 right-1.5 bg-sunk" />
    </div>
  )
}
