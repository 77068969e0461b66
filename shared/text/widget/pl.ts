import type { TranslationOf } from "../translator.ts";
import type { en } from "./en.ts";

export const pl = {
  "frame.title": "Czat: {site}",

  "launcher.open": "Otwórz czat",
  "launcher.close": "Zamknij czat",
  "launcher.unread": {
    one: "Otwórz czat, {count} nieprzeczytana wiadomość",
    few: "Otwórz czat, {count} nieprzeczytane wiadomości",
    many: "Otwórz czat, {count} nieprzeczytanych wiadomości",
    other: "Otwórz czat, {count} nieprzeczytanej wiadomości",
  },

  "presence.here": "Jesteśmy dostępni",
  "presence.away": "Teraz nikogo tu nie ma",

  "header.close": "Zwiń",
  "header.end": "Zakończ czat",
  "header.endShort": "Zakończ",
  "header.waiting": "W kolejce",
  "header.kept": "Odpiszemy tu później",
  "header.ended": "Czat zakończony",

  "start.title": "W czym możemy pomóc?",
  "start.here": "Napisz do nas, a ktoś zaraz do Ciebie dołączy.",
  "start.away": "Zostaw wiadomość. Zachowamy ją i odpiszemy tutaj po powrocie.",
  "start.unknown": "Napisz do nas, odpowiemy tutaj.",
  "start.name": "Twoje imię",
  "start.optional": "opcjonalnie",
  "start.message": "Twoja wiadomość",
  "start.placeholder": "Czego dotyczy sprawa?",
  "start.needed": "Najpierw napisz wiadomość.",
  "start.send": "Rozpocznij czat",
  "start.leave": "Zostaw wiadomość",

  "waiting.next": "Jesteś następną osobą w kolejce",
  "waiting.position": "Twoje miejsce w kolejce: {position}",
  "waiting.looking": "Szukamy kogoś dla Ciebie",
  "waiting.more": "Czekając, możesz pisać dalej.",
  "waiting.kept": "Twoje miejsce i wiadomości są zachowane, odpiszemy tutaj.",

  "log.label": "Wiadomości",
  "message.you": "Ty",
  "message.agent": "Obsługa",
  "message.from": "{name}, {time}:",

  "mark.queued": "Czeka na wysłanie",
  "mark.sent": "Wysłano",
  "mark.delivered": "Dostarczono",
  "mark.read": "Przeczytano",
  "mark.failed": "Nie wysłano",
  "mark.unkept": "Zniknie, jeśli odświeżysz stronę przed wysłaniem.",
  "failed.retry": "Spróbuj ponownie",
  "failed.tooLarge": "Ta wiadomość jest za długa.",
  "failed.rate": "Za dużo wiadomości naraz. Odczekaj chwilę i spróbuj ponownie.",
  "failed.closed": "Ten czat jest już zakończony.",
  "failed.other": "Nie udało się wysłać tej wiadomości.",

  "typing.named": "{name} pisze",
  "typing.somebody": "Ktoś pisze",

  "line.joined": "{name} dołącza do czatu",
  "line.transferred": "Przekazujemy rozmowę dalej: {queue}",
  "line.reopened": "Czat jest znowu otwarty",
  "line.resumed": "Już jesteśmy i zaraz się odezwiemy",
  "line.agentGone":
    "Osoba, która Ci pomagała, musiała wyjść. Twoje miejsce w kolejce zostaje bez zmian.",
  "line.unattended": "Teraz nikogo tu nie ma. Zachowaliśmy Twoją wiadomość i odpiszemy tutaj.",
  "line.leftMessage": "Zachowaliśmy Twoją wiadomość i odpiszemy tutaj.",
  "line.snoozed": "Sprawdzamy to i wrócimy do Ciebie tutaj.",
  "line.closedByAgent": "{name} kończy czat",
  "line.closedByUs": "Zakończyliśmy czat",
  "line.closedByYou": "Czat zakończony przez Ciebie",
  "line.closedAbandoned": "Czat zakończył się, gdy cię nie było",

  "composer.label": "Napisz wiadomość",
  "composer.placeholder": "Napisz wiadomość",
  "composer.hint": "Enter wysyła, Shift + Enter zaczyna nowy wiersz.",
  "composer.send": "Wyślij wiadomość",
  "composer.tooLong": {
    one: "O {count} znak za dużo",
    few: "O {count} znaki za dużo",
    many: "O {count} znaków za dużo",
    other: "O {count} znaku za dużo",
  },

  "pill.new": {
    one: "{count} nowa wiadomość",
    few: "{count} nowe wiadomości",
    many: "{count} nowych wiadomości",
    other: "{count} nowej wiadomości",
  },
  "pill.latest": "Przejdź do najnowszej wiadomości",

  "end.question": "Zakończyć ten czat?",
  "end.explain": "Cała rozmowa zostanie tu do czasu rozpoczęcia nowego czatu.",
  "end.confirm": "Zakończ czat",
  "end.cancel": "Rozmawiaj dalej",

  "closed.goOn": "Napisz, aby wrócić do tego czatu",
  "closed.again": "Rozpocznij nowy czat",

  "connection.connecting": "Łączenie",
  "connection.reconnecting":
    "Połączenie zerwane. Łączymy ponownie. To, co napiszesz, wyślemy, gdy tylko się uda.",
  "connection.offline":
    "Brak połączenia z internetem. To, co napiszesz, wyślemy, gdy połączenie wróci.",
  "connection.now": "Spróbuj teraz",

  "refused.title": "Czat jest niedostępny",
  "refused.site": "Czat nie jest skonfigurowany dla tej strony.",
  "refused.version": "Czat został zaktualizowany. Załaduj go ponownie, aby kontynuować.",
  "refused.session": "Trzeba załadować czat ponownie, aby kontynuować.",
  "refused.other": "Czat nie może się teraz połączyć. Spróbuj ponownie za chwilę.",
  "refused.again": "Spróbuj ponownie",
  "refused.alone": "Otwórz czat na stronie, do której należy.",

  "storage.lost":
    "Ta przeglądarka niczego dla tej strony nie zapisuje, więc po odświeżeniu czat zniknie.",
  "loading.label": "Wczytywanie czatu",
} as const satisfies TranslationOf<typeof en>;
