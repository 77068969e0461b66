import type { Language } from "./words.ts";

/** What is said in the pictures. */
export type Script = {
  visitor: string;
  lines: readonly [["visitor", string], ...["visitor" | "agent" | "note", string][]];
  /** Who else comes, and what for: three more fill the agent, the fourth waits. */
  others: readonly [name: string, text: string][];
  waiting: readonly [name: string, text: string];
  /** What the next agent is told. */
  handover: string;
};

export const scripts: Record<Language, Script> = {
  en: {
    visitor: "Maya Thompson",
    lines: [
      ["visitor", "Hi, my Quarry came today, but as whole beans. I had asked for it ground."],
      ["agent", "Hello Maya, I'm sorry about that. Could you tell me your order number?"],
      ["visitor", "It's FF-20418. The coffee smells lovely, I just have no grinder."],
      ["note", "Second unground bag from Thursday's batch, I have told the roastery."],
      ["agent", "Thank you. I can send you a ground bag tomorrow or refund this one."],
      ["visitor", "A ground one, please, for filter. Do I have to send the beans back?"],
      ["agent", "No, please keep them, perhaps a neighbour has a grinder."],
    ],
    others: [
      ["James Okafor", "Do you deliver to the Isle of Skye?"],
      ["Inés Delgado", "Which of your coffees is best for a moka pot?"],
      ["Tom Fisher", "My discount code isn't accepted at the checkout."],
      ["Priya Nair", "Can I change the delivery date of my order?"],
    ],
    waiting: ["Lena Vogel", "Is the decaf back in stock next week?"],
    handover: "Wants to change the subscription to ground coffee as well.",
  },
  pl: {
    visitor: "Maja Zielińska",
    lines: [
      ["visitor", "Dzień dobry, dziś przyszła kawa Quarry, ale w ziarnach. Zamawiałam mieloną."],
      ["agent", "Dzień dobry, bardzo mi przykro. Czy mogę prosić o numer zamówienia?"],
      ["visitor", "FF-20418. Kawa pachnie pięknie, tylko nie mam młynka."],
      ["note", "Druga niezmielona paczka z czwartku, palarnia już wie."],
      ["agent", "Dziękuję. Jutro możemy wysłać mieloną albo zwrócić pieniądze."],
      ["visitor", "Poproszę mieloną, do przelewu. Czy ziarna muszę odesłać?"],
      ["agent", "Nie trzeba. Może ktoś z sąsiadów ma młynek."],
    ],
    others: [
      ["Jakub Wrona", "Czy dostarczają Państwo na Hel?"],
      ["Inés Delgado", "Która kawa nadaje się do kawiarki?"],
      ["Tomasz Rybak", "Mój kod rabatowy nie działa."],
      ["Priya Nair", "Czy mogę zmienić termin dostawy?"],
    ],
    waiting: ["Lena Vogel", "Czy bezkofeinowa będzie znowu w przyszłym tygodniu?"],
    handover: "Chce też zmienić subskrypcję na kawę mieloną.",
  },
  uk: {
    visitor: "Майя Коваль",
    lines: [
      ["visitor", "Добрий день, сьогодні приїхала кава Quarry, але в зернах. Я просила мелену."],
      ["agent", "Добрий день, дуже прикро. Підкажіть, будь ласка, номер замовлення."],
      ["visitor", "FF-20418. Пахне чудово, тільки кавомолки в мене немає."],
      ["note", "Друга незмелена пачка з четверга, обсмажувальники вже знають."],
      ["agent", "Дякую. Завтра можемо надіслати мелену або повернути гроші."],
      ["visitor", "Мелену, будь ласка, для фільтра. А зерна треба повертати?"],
      ["agent", "Ні, залиште собі. Може, кавомолка є в когось із сусідів."],
    ],
    others: [
      ["Яків Ворона", "Чи доставляєте ви в Карпати?"],
      ["Інес Дельгадо", "Яка кава підійде для гейзерної кавоварки?"],
      ["Тарас Рибак", "Мій код на знижку не діє."],
      ["Прія Наїр", "Чи можна змінити дату доставки?"],
    ],
    waiting: ["Лена Фогель", "Чи буде наступного тижня кава без кофеїну?"],
    handover: "Хоче також змінити підписку на мелену каву.",
  },
};
