import { StatusMark } from '@/components/status/status-mark'

/** The account lacks a right: what it is, and how it is granted. */
export function NotPermitted({ needs, grant }: { needs: string; grant: string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 px-4 py-1 text-md">
      <StatusMark status="warning" className="size-2.5" />
      <span>
        <b className="font-medium text-warning">Not permitted:</b> needs <code>{needs}</code>, granted by{' '}
        <code>ACL SETUSER … {grant}</code>.
      </span>
    </p>
  )
}
