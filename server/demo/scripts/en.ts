import type { Phrases, Script } from "./script.ts";

export const phrases: Phrases = {
  locale: "en-GB",
  zone: "Europe/London",
  names: {
    f: ["Emma", "Priya", "Sophie", "Grace", "Hannah"],
    m: ["Oliver", "Jack", "Callum", "Noah", "Tariq"],
  },
  tag: "demo",
  nudges: ["Hello? Is anybody there?", "Still waiting…", "Just checking this went through."],
  givingUp: ["Never mind, I'll try another time.", "OK, I have to go. Bye."],
  answers: [
    "Let me look that up for you, one moment please.",
    "Thanks for the details. I've checked, and that will be fine.",
    "I understand. Could you tell me a little more?",
    "Good question! I've just asked the warehouse and they say yes.",
  ],
  stillThere: ["Are you still there?", "Is there anything else I can do for you?"],
  goodbyes: ["Thank you for writing to us. Have a good day!", "You're welcome. Take care!"],
  notes: [
    "Checked the order: paid, not shipped yet.",
    "Second time this week about the same thing.",
  ],
  handover: [
    "Asks for somebody who can decide about money.",
    "Needs a specialist, please take over.",
  ],
};

export const scripts: readonly Script[] = [
  {
    mood: "calm",
    language: "en",
    voice: "f",
    page: "/shop/brewing.html",
    ending: "ends",
    lines: [
      {
        text: "Hi! I bought a bag of your Quarry last week and my filter coffee tastes bitter. Am I using too much?",
        answers: [
          "Hello! Bitter usually means ground too fine or water too hot rather than too much coffee. Do you pour it right off the boil?",
        ],
      },
      {
        text: "I do, straight from the kettle. Should I let it cool first then?",
        answers: [
          "Half a minute is enough, and grind one step coarser. That should take the bitterness away.",
        ],
      },
      {
        text: "Lovely, I'll do that. Thank you so much!",
        answers: ["My pleasure. Enjoy your coffee!"],
      },
    ],
  },
  {
    mood: "angry",
    language: "en",
    voice: "m",
    page: "/shop/orders.html",
    ending: "stays",
    lines: [
      {
        text: "My parcel was supposed to be here on MONDAY. It's Thursday. What is going on?",
        answers: [
          "I'm sorry about that, I can see why you're annoyed. May I have your order number?",
        ],
      },
      {
        text: "FF-20418. And please don't tell me it's the courier again, that's what I heard last time.",
        goesOn: true,
        answers: [],
      },
      {
        text: "I took a day off for this delivery!",
        answers: [
          "It is with the courier, but it was our fault: it left us two days late. It arrives tomorrow before noon, and I've refunded the delivery charge.",
        ],
      },
      {
        text: "Fine. If it isn't here tomorrow I want all of my money back.",
        answers: ["That's fair. I've written it down so that you won't have to explain it again."],
      },
    ],
  },
  {
    mood: "ordering",
    language: "en",
    voice: "m",
    page: "/shop/pots.html",
    ending: "ends",
    lines: [
      {
        text: "Hello, I'd like 12 of the 18 cm terracotta pots. The page lets me order 10 at most?",
        answers: [
          "Hello! We have 40 in stock, the limit is only there for the web shop. Shall I put the order in for you?",
        ],
      },
      {
        text: "Yes please. Delivery to Leeds, LS6 2AB. How much would that be?",
        answers: ["12 pots are £83.40 and delivery is free above £60. You'd have them on Tuesday."],
      },
      {
        text: "Great, please send me the payment link by email.",
        answers: ["It's on its way. Anything else?"],
      },
      { text: "No, that's all. Cheers!", answers: ["Thank you for your order!"] },
    ],
  },
  {
    mood: "manager",
    language: "en",
    voice: "f",
    page: "/shop/returns.html",
    ending: "stays",
    lines: [
      {
        text: "I returned a floor lamp five weeks ago and I still have no refund.",
        answers: [
          "I'm sorry. I can see the lamp arrived here on the 3rd. Let me check with accounts.",
        ],
      },
      {
        text: "I've been told that twice already. I want to speak to a manager, please.",
        escalates: true,
        answers: ["I understand. I'm passing you on to a colleague who can decide this."],
      },
      {
        text: "So, can you tell me when I get my £129?",
        answers: ["I've just released it. It will be in your account within two working days."],
      },
    ],
  },
  {
    mood: "abusive",
    language: "en",
    voice: "m",
    page: "/shop/",
    ending: "vanishes",
    lines: [
      {
        text: "your shop is a joke and so are the clowns who run it",
        answers: ["I'm sorry you feel that way. What went wrong? I'd like to help."],
      },
      {
        text: "help?? you couldn't find your own backside with both hands",
        goesOn: true,
        answers: [],
      },
      {
        text: "useless idiots. all of you",
        answers: [
          "I'm happy to help with your order, but I'll have to end the chat if this goes on.",
        ],
      },
    ],
  },
  {
    mood: "silent",
    language: "en",
    voice: "m",
    page: "/shop/lamps.html",
    ending: "vanishes",
    lines: [{ text: "hi", answers: ["Hello! How can I help you?"] }],
  },
  {
    mood: "comingBack",
    language: "en",
    voice: "m",
    page: "/shop/blankets.html",
    ending: "ends",
    lines: [
      {
        text: "Is the wool blanket suitable for somebody with an allergy to lanolin?",
        answers: ["I'd rather not: it is washed, but traces remain. The cotton one is safe."],
      },
      {
        text: "Good to know, thanks. I'll ask my wife which colour she likes.",
        answers: ["Do. The cotton one comes in sand, moss and slate."],
      },
      {
        text: "Me again! She'd like the moss one. Is it in stock?",
        later: true,
        answers: ["Welcome back! Yes, eleven left. Shall I put one aside?"],
      },
      { text: "Please do. Thank you!", answers: ["Done, it's kept for you until Friday."] },
    ],
  },
];
