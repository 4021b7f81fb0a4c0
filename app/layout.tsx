import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { Toaster } from '@/components/ui/toast'

export const metadata: Metadata = {
  title: { default: 'Substation', template: '%s · Substation' },
  description: 'The control room for the infrastructure of Node services.',
  robots: { index: false, follow: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafaf8' },
    { media: '(prefers-color-scheme: dark)', color: '#100f0e' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A page carries a nonce of its request (proxy.ts), so none can be rendered ahead of time.
  await connection()
  return (
    <html lang="en">
      <body>
        {children}
        <Toaster />
      </body>
    </html>
  )
}
