import { loadReactEmail } from './load-react-email.ts'
import type { NewEmail } from './port.ts'

/** What `createElement` or JSX makes, of any version of React. */
export interface ReactElementLike {
  type: unknown
  props: unknown
  key: unknown
}

export interface EmailTemplateOptions<Variables> {
  subject(variables: Variables): string
  /** HTML, or a React element such as those of react-email. */
  html?(variables: Variables): string | ReactElementLike
  /** Derived from the HTML when absent. */
  text?(variables: Variables): string
  /** What a preview shows. */
  sample?: Variables
}

export interface EmailTemplate<Variables> extends EmailTemplateOptions<Variables> {
  readonly name: string
}

export interface RenderedEmail {
  subject: string
  html?: string
  text: string
}

/** A kind of email, made from typed variables. */
export function emailTemplate<Variables>(
  name: string,
  options: EmailTemplateOptions<Variables>,
): EmailTemplate<Variables> {
  return { ...options, name }
}

export async function renderTemplate<Variables>(
  { subject, html: made, text }: EmailTemplate<Variables>,
  variables: Variables,
): Promise<RenderedEmail> {
  const body = made?.(variables)
  const html =
    body === undefined || typeof body === 'string' ? body : await (await loadReactEmail()).renderElement(body)
  return {
    subject: subject(variables),
    html,
    text: text?.(variables) ?? (html === undefined ? '' : await derivedText(html)),
  }
}

/** With a text, for clients that show no HTML. */
export async function withText<Given extends Pick<NewEmail, 'html' | 'text'>>(email: Given): Promise<Given> {
  if (email.text !== undefined || !email.html) return email
  return { ...email, text: await derivedText(email.html) }
}

const derivedText = async (html: string) => (await loadReactEmail()).textOf(html)
