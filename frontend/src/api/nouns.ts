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
/** What a member attached to a message, or is about to. The browser has a File of its own. */
export type ClassFile = Schemas['File']
export type Reaction = Schemas['Reaction']
export type ReactionChange = Schemas['ReactionChange']
export type MessageVersion = Schemas['MessageVersion']
export type Report = Schemas['Report']
export type AuditEntry = Schemas['AuditEntry']
export type Stats = Schemas['Stats']
export type StatsStep = Schemas['StatsStep']
export type Problem = Schemas['Problem']

/** A user as others see one: what only admins see may be missing. */
export type Person = Schemas['Person']
export type SignedIn = Schemas['SignedIn']
export type SecondFactorKey = Schemas['SecondFactorKey']
export type SecondFactorState = Schemas['SecondFactorState']
export type Info = Schemas['Info']
export type MessagePage = Schemas['MessagePage']
export type ReadMark = Schemas['ReadState']

export type MemberRole = Member['role']
export type ServerRole = User['role']
export type ReportReason = Report['reason']
export type ReportOutcome = NonNullable<Report['outcome']>
export type Scope = Token['scopes'][number]

/** One part of a list; `next` is absent at its end. */
export interface Part<T> {
  items: T[]
  next?: string
}

export function isStaff(role: MemberRole | undefined): boolean {
  return role === 'owner' || role === 'teacher' || role === 'assistant'
}

/** Who manages people and settings of a class, and reads what is reported. */
export function isManager(role: MemberRole | undefined): boolean {
  return role === 'owner' || role === 'teacher'
}

export function isPicture(file: Pick<ClassFile, 'media_type'>): boolean {
  return file.media_type.startsWith('image/')
}
