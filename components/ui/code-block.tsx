import { cn } from '@/components/ui/cn'
import { CopyButton } from '@/components/ui/copy-button'

interface CodeBlockProps {
  code: string
  /** Of the button: "Copy these lines". */
  copy: string
  /** Long lines are broken, for texts in which that changes nothing. */
  wrap?: boolean
  className?: string
}

/** Lines to be copied. */
export function CodeBlock({ code, copy, wrap = false, className }: CodeBlockProps) {
  const lines = cn('overflow-x-auto p-3 pr-10 text-sm leading-5', wrap && 'break-words whitespace-pre-wrap')
  return (
    <div className={cn('relative min-w-0 rounded-lg border border-line bg-sunk', className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className={lines}>
        {code}
      </pre>
      <CopyButton value={code} label={copy} className="absolute top-1.5 right-1.5 bg-sunk" />
    </div>
  )
}
