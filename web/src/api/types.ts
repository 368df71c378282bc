// The words of the API, under short names. The shapes are generated in `schema.d.ts`.
import type { components } from './schema';

type Schemas = components['schemas'];

/**
 * Answers as the window takes them: the conversations of its lists are with customers, on a channel. Internal
 * threads have neither contact nor channel, and no place in the window yet.
 */
export type OfCustomers<T> = T extends { contact: string | null; channel: Channel | null }
  ? T & { contact: string; channel: Channel }
  : T extends { conversations: (infer R)[] }
    ? Omit<T, 'conversations'> & { conversations: OfCustomers<R>[] }
    : T;

export type Me = Schemas['Me'];
export type Hours = Schemas['Hours'];
/** What somebody may do with a conversation. */
export type Act = Schemas['Act'];
/** What somebody may do in their business, beside what they may with each conversation. */
export type BusinessAct = Schemas['BusinessAct'];
export type Person = Schemas['Person'];
export type Role = Schemas['Role'];
/** Everybody of a business, as an admin sees them. */
export type StaffList = Schemas['StaffList'];
export type StaffMember = Schemas['StaffMember'];
export type Invite = Schemas['Invite'];
/** With its link, told once. */
export type InviteMade = Schemas['InviteMade'];
export type InvitedTo = Schemas['InvitedTo'];
export type Channel = Schemas['Channel'];
export type Counts = Schemas['Counts'];
/** Whom somebody may mean by what they type. */
export type Whom = Schemas['Whom'];
export type ConsentLedger = Schemas['ConsentLedger'];
export type ConsentEntry = Schemas['ConsentEntry'];
/** Something that happened with a contact point. */
export type TimelineEntry = Schemas['TimelineEntry'];
export type Row = OfCustomers<Schemas['ConversationRow']>;
export type Match = Schemas['Match'];
/** What finds something where a search found nothing, and how many conversations. */
export type Suggestion = Pick<Schemas['ConversationPage'], 'suggestion' | 'suggestion_found'>;
export type CustomerDetail = Schemas['CustomerDetail'];
export type Conversation = OfCustomers<Schemas['Conversation']>;
export type Job = Schemas['Job'];
export type JobFact = Schemas['JobFact'];
/** The jobs of today and tomorrow. */
export type Workday = Schemas['Workday'];
/** One of them, as whoever works on it needs it. */
export type WorkdayJob = Schemas['WorkdayJob'];
/** A contact point of its customer. */
export type JobNumber = Schemas['JobNumber'];
/** Another number of a conversation's customer. */
export type OtherNumber = Schemas['OtherNumber'];
/** A command over many conversations, and what it leaves as they are. */
export type BulkProgress = Schemas['BulkProgress'];
export type BulkFailed = Schemas['BulkFailed'];
export type BulkReason = Schemas['BulkReason'];
export type BulkWord = Schemas['BulkWord'];
/** Somebody who is blocked. */
export type Blocked = Schemas['Blocked'];
export type Media = Schemas['Media'];
export type Message = Schemas['Message'];
export type MessagePage = Schemas['MessagePage'];
/** With where it landed, once the server tells. */
export type ReplayAnswer = Schemas['ReplayAnswer'] & { conversation_id?: string | null };
export type QuarantineItem = Schemas['QuarantineItem'];
export type Template = Schemas['Template'];
export type TemplateVariable = Schemas['TemplateVariable'];
/** A template, filled for a conversation. */
export type Filled = Schemas['RenderedTemplate'];
/** Somebody else has a conversation before them. */
export type Presence = Schemas['LivePresence'];
/** What of a note somebody who works here would see. */
export type NoteReader = Schemas['NoteReader'];
/** Who is off today, and what then wants somebody else. */
export type OffToday = Schemas['OffToday'];
export type Colleague = Schemas['Colleague'];
/** Who sees a conversation, and whom the next message wakes. */
export type Audience = Schemas['Audience'];
export type AudiencePerson = Schemas['AudiencePerson'];
/** What a draft is to become. */
export type DraftKind = 'reply' | 'note';
/** A short answer that goes with one tap. */
export type QuickReply = Schemas['QuickReply'];
/** A browser or phone of one's own that is told of news. */
export type Device = Schemas['Device'];
export type PushSettings = Schemas['PushSettings'];
export type NewPushSettings = Schemas['NewPushSettings'];
export type PushLadder = Schemas['PushLadder'];
export type ProblemDocument = Schemas['Problem'];

/** What the live feed carries, by event type (PROTOCOLS §3). */
export interface LiveEvents {
  ready: { cursor: string; server_time: string };
  'message.created': { message: Message; conversation: Row };
  'message.updated': { message: Message; conversation: Row | null };
  'conversation.updated': { conversation: Row };
  'conversation.removed': { id: string };
  'templates.updated': Record<string, never>;
  'jobs.updated': Record<string, never>;
  'staff.updated': Record<string, never>;
  presence: Presence;
  counts: Counts;
  reload: { reason: string };
}
