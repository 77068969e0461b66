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
      ["visitor", "Hi, my fern came today, but two of its fronds are snapped."],
      ["agent", "Hello Maya, I'm sorry about that. Could you tell me your order number?"],
      ["visitor", "It's FF-20418. The pot is fine, it's only the plant."],
      ["note", "Second snapped fern from this batch, I have told the packers."],
      ["agent", "Thank you. I can send you a new fern tomorrow or refund this one."],
      ["visitor", "A new one, please. Do I have to send this one back?"],
      ["agent", "No, please keep it. Cut off the broken fronds and it will grow new ones."],
    ],
    others: [
      ["James Okafor", "Do you deliver to the Isle of Skye?"],
      ["Inés Delgado", "Which of your pots can stand outside in winter?"],
      ["Tom Fisher", "My discount code isn't accepted at the checkout."],
      ["Priya Nair", "Can I change the delivery date of my order?"],
    ],
    waiting: ["Lena Vogel", "Is the large watering can back in stock?"],
    handover: "Asks for a fern from another batch, please choose it by hand.",
  },
  pl: {
    visitor: "Maja Zielińska",
    lines: [
      ["visitor", "Dzień dobry, dziś przyszła moja paproć, ale dwa liście są złamane."],
      ["agent", "Dzień dobry, bardzo mi przykro. Czy mogę prosić o numer zamówienia?"],
      ["visitor", "FF-20418. Doniczka jest cała, chodzi tylko o roślinę."],
      ["note", "Druga połamana paproć z tej dostawy, pakowalnia już wie."],
      ["agent", "Dziękuję. Jutro możemy wysłać nową paproć albo zwrócić pieniądze."],
      ["visitor", "Poproszę nową. Czy tę muszę odesłać?"],
      ["agent", "Nie trzeba. Proszę odciąć złamane liście, a odrosną nowe."],
    ],
    others: [
      ["Jakub Wrona", "Czy dostarczają Państwo na Hel?"],
      ["Inés Delgado", "Które donice mogą stać zimą na balkonie?"],
      ["Tomasz Rybak", "Mój kod rabatowy nie działa."],
      ["Priya Nair", "Czy mogę zmienić termin dostawy?"],
    ],
    waiting: ["Lena Vogel", "Czy duża konewka jest znowu dostępna?"],
    handover: "Prosi o paproć z innej dostawy, proszę wybrać ją ręcznie.",
  },
  uk: {
    visitor: "Майя Коваль",
    lines: [
      ["visitor", "Добрий день, сьогодні приїхала моя папороть, але два листки зламані."],
      ["agent", "Добрий день, дуже прикро. Підкажіть, будь ласка, номер замовлення."],
      ["visitor", "FF-20418. Горщик цілий, постраждала лише рослина."],
      ["note", "Друга зламана папороть із цієї партії, пакувальники вже знають."],
      ["agent", "Дякую. Завтра можемо надіслати нову папороть або повернути гроші."],
      ["visitor", "Нову, будь ласка. А цю треба повертати?"],
      ["agent", "Ні, залиште собі. Обріжте зламані листки, і виростуть нові."],
    ],
    others: [
      ["Яків Ворона", "Чи доставляєте ви в Карпати?"],
      ["Інес Дельгадо", "Які горщики можна лишати взимку на балконі?"],
      ["Тарас Рибак", "Мій код на знижку не діє."],
      ["Прія Наїр", "Чи можна змінити дату доставки?"],
    ],
    waiting: ["Лена Фогель", "Чи є знову велика лійка?"],
    handover: "Просить папороть з іншої партії, виберіть, будь ласка, вручну.",
  },
};
