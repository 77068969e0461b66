import type { TranslationOf } from "../translator.ts";
import type { en } from "./en.ts";

export const uk = {
  "frame.title": "Чат: {site}",

  "launcher.open": "Відкрити чат",
  "launcher.close": "Закрити чат",
  "launcher.unread": {
    one: "Відкрити чат, {count} непрочитане повідомлення",
    few: "Відкрити чат, {count} непрочитані повідомлення",
    many: "Відкрити чат, {count} непрочитаних повідомлень",
    other: "Відкрити чат, {count} непрочитаного повідомлення",
  },

  "presence.here": "Ми на зв’язку",
  "presence.away": "Зараз тут нікого немає",

  "header.close": "Згорнути",
  "header.end": "Завершити чат",
  "header.endShort": "Завершити",
  "header.waiting": "У черзі",
  "header.kept": "Відповімо пізніше",
  "header.ended": "Чат завершено",

  "start.title": "Чим можемо допомогти?",
  "start.here": "Напишіть нам, і хтось приєднається до вас тут.",
  "start.away": "Залиште повідомлення. Ми його збережемо й відповімо тут, щойно повернемося.",
  "start.unknown": "Напишіть нам, ми відповімо тут.",
  "start.name": "Ваше ім’я",
  "start.optional": "необов’язково",
  "start.message": "Ваше повідомлення",
  "start.placeholder": "Про що йдеться?",
  "start.needed": "Спершу напишіть повідомлення.",
  "start.send": "Почати чат",
  "start.leave": "Залишити повідомлення",

  "waiting.next": "Ви наступні в черзі",
  "waiting.position": "Ваше місце в черзі: {position}",
  "waiting.looking": "Шукаємо, хто вам допоможе",
  "waiting.more": "Поки чекаєте, можете писати далі.",
  "waiting.kept": "Ваше місце й повідомлення збережено, ми відповімо тут.",

  "log.label": "Повідомлення",
  "message.you": "Ви",
  "message.agent": "Підтримка",
  "message.from": "{name}, {time}:",

  "mark.queued": "Очікує надсилання",
  "mark.sent": "Надіслано",
  "mark.delivered": "Доставлено",
  "mark.read": "Прочитано",
  "mark.failed": "Не надіслано",
  "mark.unkept": "Зникне, якщо оновити сторінку до надсилання.",
  "failed.retry": "Спробувати ще раз",
  "failed.tooLarge": "Це повідомлення задовге.",
  "failed.rate": "Забагато повідомлень одразу. Зачекайте трохи й спробуйте ще раз.",
  "failed.closed": "Цей чат уже завершено.",
  "failed.other": "Не вдалося надіслати це повідомлення.",

  "typing.named": "{name} пише",
  "typing.somebody": "Хтось пише",

  "line.joined": "До чату приєднується {name}",
  "line.transferred": "Передаємо розмову далі: {queue}",
  "line.reopened": "Чат знову відкрито",
  "line.resumed": "Ми повернулися й незабаром відповімо",
  "line.agentGone": "Людина, яка вам допомагала, мусила піти. Ваше місце в черзі збережено.",
  "line.unattended": "Зараз тут нікого немає. Ваше повідомлення збережено, ми відповімо тут.",
  "line.leftMessage": "Ваше повідомлення збережено, ми відповімо тут.",
  "line.snoozed": "Ми з’ясовуємо це й відповімо вам тут.",
  "line.closedByAgent": "{name} завершує чат",
  "line.closedByUs": "Ми завершили чат",
  "line.closedByYou": "Ви завершили чат",
  "line.closedAbandoned": "Чат завершено, поки вас не було",

  "composer.label": "Напишіть повідомлення",
  "composer.placeholder": "Напишіть повідомлення",
  "composer.hint": "Enter надсилає, Shift + Enter починає новий рядок.",
  "composer.send": "Надіслати повідомлення",
  "composer.tooLong": {
    one: "На {count} символ забагато",
    few: "На {count} символи забагато",
    many: "На {count} символів забагато",
    other: "На {count} символу забагато",
  },

  "pill.new": {
    one: "{count} нове повідомлення",
    few: "{count} нові повідомлення",
    many: "{count} нових повідомлень",
    other: "{count} нового повідомлення",
  },
  "pill.latest": "До найновішого повідомлення",

  "end.question": "Завершити цей чат?",
  "end.explain": "Усе написане залишиться тут, доки ви не почнете новий чат.",
  "end.confirm": "Завершити чат",
  "end.cancel": "Продовжити розмову",

  "closed.goOn": "Напишіть, щоб продовжити цей чат",
  "closed.again": "Почати новий чат",

  "connection.connecting": "З’єднуємося…",
  "connection.reconnecting":
    "Зв’язок перервано. Відновлюємо. Усе, що ви напишете, надішлемо за першої нагоди.",
  "connection.offline":
    "Немає з’єднання з інтернетом. Усе, що ви напишете, надішлемо, коли воно з’явиться.",
  "connection.now": "Спробувати зараз",

  "refused.title": "Чат недоступний",
  "refused.site": "Чат не налаштовано для цього сайту.",
  "refused.version": "Чат оновлено. Завантажте його ще раз, щоб продовжити.",
  "refused.session": "Щоб продовжити, чат потрібно завантажити ще раз.",
  "refused.other": "Чат зараз не може з’єднатися. Спробуйте ще раз за мить.",
  "refused.again": "Спробувати ще раз",
  "refused.alone": "Відкрийте чат на сайті, до якого він належить.",

  "storage.lost":
    "Цей браузер нічого не зберігає для цієї сторінки, тож після оновлення чат зникне.",
  "loading.label": "Завантаження чату",
} as const satisfies TranslationOf<typeof en>;
