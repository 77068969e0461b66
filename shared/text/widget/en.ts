import type { Texts } from "../translator.ts";

/** What the visitor reads. The source of keys and parameters; every other language is held against it. */
export const en = {
  "frame.title": "Chat with {site}",

  "launcher.open": "Open chat",
  "launcher.close": "Close chat",
  "launcher.unread": {
    one: "Open chat, {count} unread message",
    other: "Open chat, {count} unread messages",
  },

  "presence.here": "Somebody is here now",
  "presence.away": "Nobody is here right now",

  "header.close": "Minimise",
  "header.end": "End chat",
  "header.endShort": "End",
  "header.waiting": "Waiting in line",
  "header.kept": "We answer here later",
  "header.ended": "This chat has ended",

  "start.title": "How can we help?",
  "start.here": "Write to us and somebody will join you here.",
  "start.away": "Leave a message. It is kept, and we answer here when we are back.",
  "start.unknown": "Write to us and we will answer here.",
  "start.name": "Your name",
  "start.optional": "optional",
  "start.message": "Your message",
  "start.placeholder": "What is it about?",
  "start.needed": "Please write a message first.",
  "start.send": "Start chat",
  "start.leave": "Leave message",

  "waiting.next": "You are next in line",
  "waiting.position": "You are number {position} in line",
  "waiting.looking": "Finding somebody for you",
  "waiting.more": "You can keep writing while you wait.",
  "waiting.kept": "You keep your place and your messages, and we answer here.",

  "log.label": "Messages",
  "message.you": "You",
  "message.agent": "Support",
  "message.from": "{name}, {time}:",

  "mark.queued": "Waiting to be sent",
  "mark.sent": "Sent",
  "mark.delivered": "Delivered",
  "mark.read": "Read",
  "mark.failed": "Not sent",
  "mark.unkept": "Lost if you reload the page before it is sent.",
  "failed.retry": "Try again",
  "failed.tooLarge": "This message is too long.",
  "failed.rate": "That was a lot at once. Wait a moment and try again.",
  "failed.closed": "This chat has ended.",
  "failed.other": "This message could not be sent.",

  "typing.named": "{name} is typing",
  "typing.somebody": "Somebody is typing",

  "line.joined": "{name} joined the chat",
  "line.transferred": "You are being passed on to {queue}",
  "line.reopened": "The chat is open again",
  "line.resumed": "We are back and will be with you soon",
  "line.agentGone": "The person helping you had to leave. You keep your place in line.",
  "line.unattended": "Nobody is here right now. Your message is kept and we answer here.",
  "line.leftMessage": "Your message is kept and we answer here.",
  "line.snoozed": "We are looking into it and will come back to you here.",
  "line.closedByAgent": "The chat was ended by {name}",
  "line.closedByUs": "We ended the chat",
  "line.closedByYou": "You ended the chat",
  "line.closedAbandoned": "The chat ended while you were away",

  "composer.label": "Write a message",
  "composer.placeholder": "Write a message",
  "composer.hint": "Enter sends, Shift + Enter starts a new line.",
  "composer.send": "Send message",
  "composer.tooLong": {
    one: "{count} character too many",
    other: "{count} characters too many",
  },

  "pill.new": { one: "{count} new message", other: "{count} new messages" },
  "pill.latest": "Go to the latest message",

  "end.question": "End this chat?",
  "end.explain": "What was written stays here until you start a new chat.",
  "end.confirm": "End chat",
  "end.cancel": "Keep chatting",

  "closed.goOn": "Write to go on with this chat",
  "closed.again": "Start a new chat",

  "connection.connecting": "Connecting",
  "connection.reconnecting":
    "Connection lost. Reconnecting. What you write is sent as soon as possible.",
  "connection.offline": "You are offline. What you write is sent when you are back online.",
  "connection.now": "Try now",

  "refused.title": "The chat is not available",
  "refused.site": "The chat is not set up for this website.",
  "refused.version": "The chat was updated. Reload it to go on.",
  "refused.session": "The chat has to be loaded again before you can go on.",
  "refused.other": "The chat cannot connect right now. Please try again in a moment.",
  "refused.again": "Try again",
  "refused.alone": "Open the chat from the website it belongs to.",

  "storage.lost":
    "This browser keeps nothing for this page, so the chat is gone when you reload it.",
  "loading.label": "Loading the chat",
} as const satisfies Texts;
