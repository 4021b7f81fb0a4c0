import { many, quoted } from '../words.ts'
import { MINUTE, numberWords, type Rule } from './rule.ts'

/** Who may connect, how, and for how long. */
export const limits: readonly Rule[] = [
  {
    setting: 'idle_in_transaction_session_timeout',
    judge({ value }, { evidence: { idleInTransactionMs: now = 0 }, overridden }) {
      if (Number(value) > 0 || overridden) return
      return {
        kind: 'advice',
        title: 'A forgotten transaction is never ended',
        why: `A client that begins a transaction and goes on to something else keeps its locks and keeps dead rows from being removed, for as long as it is connected.${now > MINUTE ? ` One has been idle in a transaction for ${Math.round(now / MINUTE)} min now.` : ''} With this limit Postgres ends the connection.`,
        to: '5min',
      }
    },
  },
  {
    setting: 'statement_timeout',
    judge({ value }, { evidence: { busiestUser }, overridden }) {
      if (Number(value) > 0 || overridden) return
      const role = busiestUser === undefined ? 'the_account_of_a_service' : quoted(busiestUser)
      return {
        kind: 'advice',
        title: 'A statement may run for ever',
        why: 'A client that has given up leaves its statement running, with its locks and its connection. Set the limit for the accounts of services rather than for the server: migrations, backups and reports may need longer. A service may set it for its own connections, which is not seen here.',
        to: { statement: `ALTER ROLE ${role} SET statement_timeout = '30s';` },
      }
    },
  },
  {
    setting: 'max_connections',
    judge({ value }, { evidence: { connections } }) {
      const max = Number(value)
      if (connections > 0.8 * max)
        return {
          kind: 'advice',
          title: `${numberWords(connections)} of ${numberWords(max)} connections are in use`,
          why: 'At the limit, services are refused. More connections rarely help: each is a process with memory of its own. Make the pools of the services smaller or put a pooler in front; raise the limit where neither is possible.',
          to: String(Math.ceil((max * 1.5) / 50) * 50),
        }
      if (max < 500 || connections >= max / 4) return
      return {
        kind: 'question',
        title: `Are ${many(max, 'connection')} needed?`,
        why: `${numberWords(connections)} are in use now. Each may take work_mem several times over, so a limit far above what is needed does not protect the server from a client that opens too many.`,
        to: '200',
      }
    },
  },
  {
    setting: 'ssl',
    judge({ value }, { evidence: { plainConnections = 0 } }) {
      if (value !== 'off' || plainConnections === 0) return
      return {
        kind: 'advice',
        title: `${many(plainConnections, 'connection')} without TLS over the network`,
        why: 'Passwords and data can be read on the way. It needs ssl_cert_file and ssl_key_file; clients that do not ask for TLS go on as before.',
        to: 'on',
      }
    },
  },
  {
    setting: 'password_encryption',
    judge({ value }) {
      if (value !== 'md5') return
      return {
        kind: 'advice',
        title: 'New passwords are kept as MD5',
        why: 'Whoever reads such a hash can sign in with it. A password is kept as SCRAM when it is set again.',
        to: 'scram-sha-256',
      }
    },
  },
]
