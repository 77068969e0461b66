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
    "Dobre pytanie! Palarnia właśnie potwierdziła, że tak.",
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
        text: "Dzień dobry, którą kawę polecacie do kawiarki? Lubię czekoladę, nie lubię kwasków.",
        answers: [
          "Dzień dobry! Ember: gorzka czekolada, toffi, prawie bez kwasowości. W kawiarce wychodzi świetnie.",
        ],
      },
      {
        text: "A mielić jak do espresso czy grubiej?",
        answers: [
          "Trochę grubiej niż do espresso. I zalać od razu gorącą wodą, wtedy nie zgorzknieje.",
        ],
      },
      {
        text: "Super, to biorę Ember. Dziękuję za pomoc!",
        answers: ["Cieszę się! Smacznej kawy."],
      },
    ],
  },
  {
    mood: "calm",
    language: "pl",
    voice: "m",
    page: "/shop/brewing.html",
    ending: "ends",
    lines: [
      {
        text: "Cześć, mam młynek ręczny i z dripa leci mi kawa prawie pięć minut. Za drobno?",
        answers: [
          "Dzień dobry! Tak, proszę zmielić o dwa, trzy kliknięcia grubiej. Całość powinna zająć około trzech i pół minuty.",
        ],
      },
      {
        text: "A wody ile na 15 gramów?",
        answers: ["250 gramów: najpierw 45 na rozbudzenie kawy, potem reszta w dwóch turach."],
      },
      {
        text: "Jasne, wieczorem spróbuję. Dzięki wielkie!",
        answers: ["Nie ma za co, powodzenia!"],
      },
    ],
  },
  {
    mood: "calm",
    language: "pl",
    voice: "f",
    page: "/shop/delivery.html",
    ending: "ends",
    lines: [
      {
        text: "Dzień dobry, jeśli zamówię dzisiaj, to kiedy kawa będzie u mnie w Poznaniu?",
        answers: [
          "Dzień dobry! Palimy w czwartek, wysyłamy w piątek rano, więc w poniedziałek, najpóźniej we wtorek.",
        ],
      },
      {
        text: "Czyli świeżo palona. A można do paczkomatu?",
        answers: ["Można, w koszyku jest do wyboru paczkomat. Dostawa kosztuje 3,20 euro."],
      },
      {
        text: "Świetnie, to zamawiam. Dziękuję!",
        answers: ["Dziękujemy i życzymy smacznej kawy!"],
      },
    ],
  },
  {
    mood: "angry",
    language: "pl",
    voice: "m",
    page: "/shop/delivery.html",
    ending: "stays",
    lines: [
      {
        text: "Szósty dzień czekam na paczkę, która miała iść „jeden do dwóch dni”. To są jakieś żarty?",
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
    mood: "angry",
    language: "pl",
    voice: "f",
    page: "/shop/",
    ending: "stays",
    lines: [
      {
        text: "Zamówiłam kawę w ziarnach, a przyszła mielona. I to po raz drugi!",
        answers: ["Bardzo przepraszam, to nie powinno się zdarzyć ani razu. Które to zamówienie?"],
      },
      {
        text: "FF-20791, dwie paczki Dawn. Ja nawet nie mam filtrów.",
        answers: [
          "Tamtych paczek proszę nie odsyłać. Dwie nowe, w ziarnach, wyjdą od nas jutro, oczywiście bez opłat.",
        ],
      },
      {
        text: "Oby tym razem ktoś to sprawdził.",
        answers: [
          "Sprawdzimy: przy zamówieniu jest uwaga dla palarni, a przed wysyłką dostanie Pani zdjęcie paczek.",
        ],
      },
      {
        text: "Dobrze, czekam w takim razie.",
        answers: ["Dziękuję za cierpliwość i jeszcze raz przepraszam."],
      },
    ],
  },
  {
    mood: "ordering",
    language: "pl",
    voice: "m",
    page: "/shop/",
    ending: "ends",
    lines: [
      {
        text: "Cześć, potrzebuję 15 paczek Quarry do biura, a sklep pozwala dodać tylko 10. Da się to obejść?",
        answers: [
          "Dzień dobry! Da się, to ograniczenie jest tylko w sklepie internetowym. Złożę zamówienie za Pana, dokąd wysłać?",
        ],
      },
      {
        text: "Gdańsk, 80-255. Poproszę fakturę na firmę.",
        answers: ["Razem 165 euro i 3,20 za dostawę. Jaki NIP mam wpisać na fakturze?"],
      },
      {
        text: "Podam przy płatności, proszę tylko o link.",
        answers: ["Link jest już na mailu. Czy coś jeszcze?"],
      },
      { text: "To wszystko, dzięki!", answers: ["Dziękujemy za zamówienie!"] },
    ],
  },
  {
    mood: "ordering",
    language: "pl",
    voice: "f",
    page: "/shop/",
    ending: "ends",
    lines: [
      {
        text: "Dzień dobry, czy macie subskrypcję? Chciałabym dwie paczki miesięcznie, za każdym razem inną kawę.",
        answers: [
          "Dzień dobry! Mamy: dwie paczki w pierwszy piątek miesiąca, w ziarnach albo mielone. Założyć od razu?",
        ],
      },
      {
        text: "Poproszę, w ziarnach. A mogę ją wstrzymać na sierpień?",
        answers: [
          "W każdej chwili, wystarczy dać znać do środy. Na mailu jest już prośba o potwierdzenie.",
        ],
      },
      {
        text: "Potwierdzone! Już się nie mogę doczekać.",
        answers: ["Świetnie! Na początek przyjadą Dawn i Tide."],
      },
    ],
  },
  {
    mood: "manager",
    language: "pl",
    voice: "f",
    page: "/shop/delivery.html",
    ending: "stays",
    lines: [
      {
        text: "Pięć tygodni temu zrezygnowałam z subskrypcji, a Państwo znowu pobrali pieniądze.",
        answers: ["Przykro mi. Widzę rezygnację z trzeciego. Zapytam o tę płatność księgowość."],
      },
      {
        text: "To samo słyszałam już dwa razy. Proszę mnie połączyć z kierownikiem.",
        escalates: true,
        answers: ["Rozumiem. Przekazuję rozmowę osobie, która może o tym zdecydować."],
      },
      {
        text: "Kiedy dostanę swoje 27,70 euro?",
        answers: [
          "Zwrot jest właśnie zlecony. Pieniądze będą na koncie w ciągu dwóch dni roboczych.",
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
        text: "lura, nie kawa. gorszego sklepu w życiu nie widziałem",
        answers: ["Przykro mi to czytać. Co się stało? Chętnie pomogę."],
      },
      { text: "pomóc to ty sobie możesz, banda nieudaczników", goesOn: true, answers: [] },
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
    page: "/shop/",
    ending: "vanishes",
    lines: [{ text: "dzień dobry", answers: ["Dzień dobry, w czym mogę pomóc?"] }],
  },
  {
    mood: "comingBack",
    language: "pl",
    voice: "f",
    page: "/shop/",
    ending: "ends",
    lines: [
      {
        text: "Czy Night shift naprawdę nie ma kofeiny? Wieczorem po zwykłej kawie nie śpię.",
        answers: ["Prawie nie ma, zostaje około 0,1 %. Można spokojnie pić nawet przed snem."],
      },
      {
        text: "Dzięki! Zapytam męża, czy wolimy w ziarnach, czy mieloną, i jeszcze się odezwę.",
        answers: ["Oczywiście. Jeśli mieloną, proszę napisać, w czym ją Państwo parzą."],
      },
      {
        text: "To znowu ja :) Poprosimy mieloną do kawiarki. Jest jeszcze dostępna?",
        later: true,
        answers: ["Witam ponownie! Tak, zostało siedem paczek. Odłożyć jedną?"],
      },
      { text: "Tak, poproszę. Dziękuję!", answers: ["Odłożona, czeka do piątku."] },
    ],
  },
];
