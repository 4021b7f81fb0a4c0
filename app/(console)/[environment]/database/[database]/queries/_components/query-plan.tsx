'use client'

import { useState } from 'react'
import { useOperation } from '@/app/(console)/_frame/catalogue'
import { useView } from '@/app/(console)/_frame/use-view'
import { Section } from '@/app/(console)/_parts/sheets/section'
import { SheetWaiting } from '@/app/(console)/_parts/sheets/sheet-waiting'
import { OperationButton } from '@/components/operation/operation-button'
import { PartBoundary } from '@/components/status/part-boundary'
import { Button } from '@/components/ui/button'
import type { PlanData } from '@/lib/console/areas/database/views/plan'
import { CreateIndex } from '../../_components/create-index'
import { Finding } from '../../_components/finding'
import { MeasureForm, type MeasureInput } from './measure-form'
import { PlanTree } from './plan-tree'

interface QueryPlanProps {
  environment: string
  database: string
  query: string
}

/** The plan of a statement, once it is asked for. */
export function QueryPlan(props: QueryPlanProps) {
  const [asked, setAsked] = useState(false)
  return (
    <Section title="Plan" note="as the server would choose it now, for no value in particular">
      {asked ? (
        <Plan {...props} />
      ) : (
        <div className="grid justify-items-start gap-2 px-4 pb-2">
          <Button size="sm" onClick={() => setAsked(true)}>
            Show the plan
          </Button>
          <p className="text-sm text-muted">
            Nothing is run but the IMMUTABLE functions of the statement, with the rights of the console’s account.
          </p>
        </div>
      )}
    </Section>
  )
}

function Plan({ environment, database, query }: QueryPlanProps) {
  const { reading, failed } = useView<PlanData>(
    { view: 'database-plan', environment, filters: { name: database, query } },
    undefined,
  )
  const measure = useOperation('database.measure-plan')
  const part = reading?.data.plan
  if (!part) return <SheetWaiting what="The plan" failed={failed} />
  return (
    <PartBoundary part={part} what={`Postgres ${database}`}>
      {({ judged, parameters, refused }) => (
        <div className="grid gap-2 px-4 pb-3">
          {refused ? (
            <Finding severity="note">
              {refused.message}
              {refused.nextStep ? ` ${refused.nextStep}` : ''}
            </Finding>
          ) : null}
          {judged ? (
            <>
              {judged.findings.map(({ kind, path, severity, words, nextStep }) => (
                <Finding key={`${kind} ${path.join()}`} severity={severity}>
                  {words} <span className="text-muted">{nextStep}</span>
                </Finding>
              ))}
              {judged.advice.map(({ schema, table, columns, statement, words }) => (
                <Finding
                  key={statement}
                  severity="note"
                  statement={statement}
                  act={
                    <CreateIndex
                      database={database}
                      schema={schema}
                      table={table}
                      columns={columns}
                      statement={query}
                    />
                  }
                >
                  {words}
                </Finding>
              ))}
              {judged.findings.length + judged.advice.length === 0 ? (
                <p className="text-md text-muted">Nothing in this plan stands out.</p>
              ) : null}
              <PlanTree plan={judged.plan} />
            </>
          ) : null}
          {judged || parameters > 0 ? (
            <div>
              <OperationButton<MeasureInput>
                operation={measure}
                subject={database}
                size="sm"
                label="Run and measure it…"
                input={{ database, statement: query, values: Array.from({ length: parameters }, () => ''), seconds: 5 }}
              >
                {form => <MeasureForm form={form} />}
              </OperationButton>
            </div>
          ) : null}
        </div>
      )}
    </PartBoundary>
  )
}
