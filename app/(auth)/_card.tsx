import type { ReactNode } from 'react'
import { BrandMark } from '@/components/shell/brand-mark'

/** The frame of the pages outside the console. */
export function AuthCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center p-4 pb-[14dvh]">
      <div className="w-full max-w-[400px]">
        <p className="mb-3 flex items-center gap-2 px-1 font-semibold">
          <BrandMark className="size-4.5" />
          Substation
        </p>
        <section className="grid gap-3.5 rounded-lg border border-line bg-panel p-5">
          <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
          {children}
        </section>
      </div>
    </main>
  )
}
