import type { components } from './schema'

type Schemas = components['schemas']

export type User = Schemas['User']
export type Session = Schemas['Session']
export type Token = Schemas['Token']
export type Class = Schemas['Class']
export type Member = Schemas['Member']
export type JoinCode = Schemas['JoinCode']
export type Thread = Schemas['Thread']
export type Message = Schemas['Message']
export type Reaction = Schemas['Reaction']
export type ReactionChange = Schemas['ReactionChange']
export type MessageVersion = Schemas['MessageVersion']
export type AuditEntry = Schemas['AuditEntry']
export type Problem = Schemas['Problem']

/** A user as others see one: what only admins see may be missing. */
export type Person = Pick<User, 'id' | 'name' | 'role' | 'hue'> & Partial<User>

export type MemberRole = Member['role']
export type ServerRole = User['role']
export type Scope = Token['scopes'][number]

/** Who is signed in, and with which session. */
export interface SignedIn {
  user: User
  session: Session
}

/** One part of a list; `next` is absent at its end. */
export interface Part<T> {
  items: T[]
  next?: string
}

/** What the server says about itself before anybody signs in. */
export interface Info {
  name: string
  version: string
  needs_setup: boolean
  sign_up: boolean
  limits: { text: number; reactions: number; name: number }
}

/** A stretch of a thread, oldest first. */
export interface MessagePage {
  items: Message[]
  has_older: boolean
  has_newer: boolean
  /** The class's head, read before the rows: they are at least this new. */
  seq: number
}

export interface ReadMark {
  class_id: number
  thread_id: number
  seq: number
  unread: number
}

export function isStaff(role: MemberRole | undefined): boolean {
  return role === 'owner' || role === 'teacher' || role === 'assistant'
}
