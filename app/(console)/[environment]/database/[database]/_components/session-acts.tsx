import { useOperation } from '@/app/(console)/_frame/catalogue'
import { OperationButton } from '@/components/operation/operation-button'
import { ReasonField } from '@/components/operation/reason-field'

interface SessionActsProps {
  database: string
  session: {
    pid: number
    /** Absent: the account may not see it, so it cannot be named safely. */
    session?: string
    transaction?: string
    /** It runs a statement. */
    active: boolean
  }
  size?: 'sm'
}

interface SessionInput {
  database: string
  pid: number
  session: string
  transaction?: string
}

/** Cancel what it runs, or end it: each lands on its preview. */
export function SessionActs({ database, session: { pid, session, transaction, active }, size }: SessionActsProps) {
  const cancel = useOperation('database.cancel')
  const terminate = useOperation('database.terminate')
  if (session === undefined || pid === 0) return null
  const input: SessionInput = { database, pid, session, ...(transaction === undefined ? {} : { transaction }) }
  return (
    <>
      {active ? (
        <OperationButton<SessionInput>
          operation={cancel}
          subject={`pid ${pid}`}
          input={input}
          label="Cancel its statement…"
          size={size}
        />
      ) : null}
      <OperationButton<SessionInput & { reason: string }>
        operation={terminate}
        subject={`pid ${pid}`}
        input={{ ...input, reason: '' }}
        label="Terminate…"
        size={size}
      >
        {({ value, change, errors }) => (
          <ReasonField required value={value.reason} error={errors.reason} onChange={reason => change({ reason })} />
        )}
      </OperationButton>
    </>
  )
}
