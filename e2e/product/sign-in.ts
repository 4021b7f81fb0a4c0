import type { APIRequestContext, Page } from '@playwright/test'
import type { Role } from './product.ts'

/** The real OAuth flow without a browser: to the provider, choose a person there, and back with a session. */
export async function signIn(context: APIRequestContext, url: string, role: Role): Promise<void> {
  const picker = await context.get(`${url}/sign-in/start?provider=github&return=/`)
  const html = await picker.text()
  const form = [...html.matchAll(/<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)].find(([, , body]) =>
    new RegExp(`value="${role}"`, 'i').test(body ?? ''),
  )
  if (!form) throw new Error(`the provider offers nobody called ${role}:\n${html.slice(0, 2_000)}`)
  const fields = Object.fromEntries(
    [...(form[2] ?? '').matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      decode(value ?? ''),
    ]),
  )
  const target = new URL(decode(form[1] ?? ''), picker.url()).href
  const answer = await context.post(target, { form: fields as Record<string, string> })
  if (!answer.ok()) throw new Error(`signing in as ${role} ended with ${answer.status()} at ${answer.url()}`)
}

/** The same as a person does it. */
export async function signInByHand(page: Page, provider: 'GitHub' | 'Google', role: Role): Promise<void> {
  await page.getByRole('link', { name: `Continue with ${provider}` }).click()
  await page.getByRole('button', { name: new RegExp(role, 'i') }).click()
}

const decode = (text: string) =>
  text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&#39;', "'")
