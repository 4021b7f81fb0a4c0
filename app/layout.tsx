import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { Toaster } from '@/components/ui/toast'
import { OfflineWorker } from './offline-worker'

export const metadata: Metadata = {
  title: { default: 'Substation', template: '%s · Substation' },
  description: 'The control room for the infrastructure of Node services.',
  robots: { index: false, follow: false },
  manifest: '/manifest.webmanifest',
  icons: {
    icon: [
      { url: '/icon.svg', type: 'image/svg+xml' },
      { url: '/favicon.ico', sizes: '16x16 32x32 48x48' },
    ],
    apple: { url: '/apple-touch-icon.png', sizes: '180x180' },
  },
  appleWebApp: { capable: true, title: 'Substation', statusBarStyle: 'default' },
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
        <OfflineWorker />
      </body>
    </html>
  )
}
