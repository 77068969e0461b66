import type { Phrases, Script } from "./script.ts";

export const phrases: Phrases = {
  locale: "pl-PL",
  zone: "Europe/Warsaw",
  names: {
    f: ["Kasia", "Magda", "Ola", "Zuzanna", "Agnieszka"],
    m: ["Tomek", "Piotr", "Marcin", "Paweł", "Krzysiek"],
  },
  tag: "demo",
  nudges: ["Halo, jest tam ktoś?", "Nadal czekam…", "Chyba moja wiadomość nie doszła?"],
  givingUp: ["Dobra, spróbuję kiedy indziej.", "Muszę lecieć, do widzenia."],
  answers: [
    "Już sprawdzam, proszę o chwilę cierpliwości.",
    "Dziękuję za informację. Sprawdzone, nie będzie z tym problemu.",
    "Rozumiem. Czy mogę prosić o kilka słów więcej?",
    "Dobre pytanie! Magazyn właśnie potwierdził, że tak.",
  ],
  stillThere: ["Czy jesteśmy jeszcze w kontakcie?", "Czy mogę jeszcze w czymś pomóc?"],
  goodbyes: ["Dziękujemy za rozmowę i życzymy miłego dnia!", "Nie ma za co. Do usłyszenia!"],
  notes: [
    "Zamówienie opłacone, jeszcze nie wysłane.",
    "Drugi raz w tym tygodniu w tej samej sprawie.",
  ],
  handover: [
    "Chce rozmawiać z kimś, kto decyduje o zwrotach.",
    "Sprawa dla specjalisty, proszę przejąć.",
  ],
};

export const scripts: readonly Script[] = [
  {
    mood: "calm",
    language: "pl",
    voice: "f",
    page: "/shop/brewing.html",
    ending: "ends",
    lines: [
      {
        text: "Dzień dobry, czy nefrolepis poradzi sobie w łazience bez okna?",
        answers: [
          "Dzień dobry! Bez okna niestety nie, ale wystarczy jej rozproszone światło z korytarza.",
        ],
      },
      {
        text: "A gdybym dokupiła lampę do roślin?",
        answers: [
          "Wtedy jak najbardziej: osiem godzin światła dziennie i paproć będzie zadowolona.",
        ],
      },
      {
        text: "Super, to biorę jedno i drugie. Dziękuję za pomoc!",
        answers: ["Cieszę się! Miłego dnia."],
      },
    ],
  },
  {
    mood: "angry",
    language: "pl",
    voice: "m",
    page: "/shop/orders.html",
    ending: "stays",
    lines: [
      {
        text: "Trzeci dzień czekam na paczkę, która miała być „w 24 godziny”. To są jakieś żarty?",
        answers: [
          "Bardzo przepraszam za opóźnienie. Poproszę o numer zamówienia, zaraz to sprawdzę.",
        ],
      },
      { text: "FF-20733", goesOn: true, answers: [] },
      {
        text: "I proszę mi nie pisać, że to wina kuriera, bo kurier twierdzi, że to Wasza.",
        answers: [
          "Kurier ma rację, paczka wyszła od nas za późno. Będzie jutro do południa, a koszt dostawy jest już zwrócony.",
        ],
      },
      {
        text: "No dobrze. Ale jak jutro jej nie będzie, to chcę zwrotu wszystkiego.",
        answers: [
          "Jasna sprawa. Jest to zapisane przy zamówieniu, nie trzeba będzie tłumaczyć drugi raz.",
        ],
      },
    ],
  },
  {
    mood: "ordering",
    language: "pl",
    voice: "m",
    page: "/shop/pots.html",
    ending: "ends",
    lines: [
      {
        text: "Cześć, potrzebuję 15 doniczek z terakoty 18 cm, a sklep pozwala dodać tylko 10. Da się to obejść?",
        answers: [
          "Dzień dobry! Da się, mamy 40 sztuk. Mogę złożyć zamówienie za Pana, dokąd wysłać?",
        ],
      },
      {
        text: "Gdańsk, 80-255. Poproszę fakturę na firmę.",
        answers: ["Razem 412,50 zł, dostawa gratis. Jaki NIP mam wpisać na fakturze?"],
      },
      {
        text: "Podam przy płatności, proszę tylko o link.",
        answers: ["Link jest już na mailu. Czy coś jeszcze?"],
      },
      { text: "To wszystko, dzięki!", answers: ["Dziękujemy za zamówienie!"] },
    ],
  },
  {
    mood: "manager",
    language: "pl",
    voice: "f",
    page: "/shop/returns.html",
    ending: "stays",
    lines: [
      {
        text: "Pięć tygodni temu odesłałam lampę i dalej nie mam zwrotu pieniędzy.",
        answers: ["Przykro mi. Widzę, że lampa dotarła do nas trzeciego. Zapytam księgowość."],
      },
      {
        text: "To samo słyszałam już dwa razy. Proszę mnie połączyć z kierownikiem.",
        escalates: true,
        answers: ["Rozumiem. Przekazuję rozmowę osobie, która może o tym zdecydować."],
      },
      {
        text: "Kiedy dostanę swoje 549 zł?",
        answers: [
          "Przelew jest właśnie zlecony. Pieniądze będą na koncie w ciągu dwóch dni roboczych.",
        ],
      },
    ],
  },
  {
    mood: "abusive",
    language: "pl",
    voice: "m",
    page: "/shop/",
    ending: "vanishes",
    lines: [
      {
        text: "ale wy jesteście żałośni, gorszego sklepu w życiu nie widziałem",
        answers: ["Przykro mi to czytać. Co się stało? Chętnie pomogę."],
      },
      {
        text: "pomóc to ty sobie możesz, banda nieudaczników",
        goesOn: true,
        answers: [],
      },
      {
        text: "oszuści i tyle",
        answers: ["Pomogę z zamówieniem, ale jeśli będzie Pan mnie obrażał, zakończę rozmowę."],
      },
    ],
  },
  {
    mood: "silent",
    language: "pl",
    voice: "f",
    page: "/shop/lamps.html",
    ending: "vanishes",
    lines: [{ text: "dzień dobry", answers: ["Dzień dobry, w czym mogę pomóc?"] }],
  },
  {
    mood: "comingBack",
    language: "pl",
    voice: "f",
    page: "/shop/blankets.html",
    ending: "ends",
    lines: [
      {
        text: "Czy ten wełniany koc gryzie? Mam bardzo wrażliwą skórę.",
        answers: ["Troszkę tak. Przy wrażliwej skórze polecam bawełniany, jest równie ciepły."],
      },
      {
        text: "Dzięki! Zapytam męża o kolor i jeszcze się odezwę.",
        answers: ["Oczywiście. Bawełniany mamy w kolorze piasku, mchu i grafitu."],
      },
      {
        text: "To znowu ja :) Mąż woli grafit. Jest jeszcze dostępny?",
        later: true,
        answers: ["Witam ponownie! Tak, zostało siedem. Odłożyć jeden?"],
      },
      { text: "Tak, poproszę. Dziękuję!", answers: ["Odłożone, czeka do piątku."] },
    ],
  },
];
