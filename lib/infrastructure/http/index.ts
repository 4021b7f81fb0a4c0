export { recordedCalls } from './call-metrics.ts'
export { createHttpClient } from './create.ts'
export { HttpError, type HttpErrorCode, isAboutTheRequest } from './error.ts'
export { type OAuthOptions, oauthTokens, type TokenRequest, type Tokens, tokenRequest } from './oauth.ts'
export { nextLink } from './pages.ts'
export type {
  HttpAnswer,
  HttpAuth,
  HttpCall,
  HttpClient,
  HttpClientOptions,
  HttpMethod,
  HttpQuery,
  HttpRequest,
  Paging,
  QueryValue,
  ServiceError,
  TokenSource,
} from './port.ts'
