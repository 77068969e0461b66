import type { Phrases, Script } from "./script.ts";

export const phrases: Phrases = {
  locale: "en-IE",
  zone: "Europe/Dublin",
  names: {
    f: ["Aoife", "Emma", "Niamh", "Priya", "Grace"],
    m: ["Conor", "Jack", "Cian", "Noah", "Tariq"],
  },
  tag: "demo",
  nudges: ["Hello? Is anybody there?", "Still waiting…", "Just checking this went through."],
  givingUp: ["Never mind, I'll try another time.", "OK, I have to go. Bye."],
  answers: [
    "Let me look that up for you, one moment please.",
    "Thanks for the details. I've checked, and that will be fine.",
    "I understand. Could you tell me a little more?",
    "Good question! I've just asked the roastery and they say yes.",
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
    mood: "calm",
    language: "en",
    voice: "m",
    page: "/shop/",
    ending: "ends",
    lines: [
      {
        text: "Hello, which of your coffees would you pick for somebody who always takes milk?",
        answers: [
          "Hello! Ember: its chocolate and toffee come through even in a flat white. Quarry would be my second choice.",
        ],
      },
      {
        text: "Does Ember work in a moka pot as well?",
        answers: [
          "Very well. Grind it a little coarser than for espresso and take it off the heat as soon as it gurgles.",
        ],
      },
      {
        text: "Ember it is then. Thanks for the tip!",
        answers: ["You're welcome. Tell us how it turned out!"],
      },
    ],
  },
  {
    mood: "calm",
    language: "en",
    voice: "f",
    page: "/shop/brewing.html",
    ending: "ends",
    lines: [
      {
        text: "I've been given a hand grinder and I have no idea where to set it for a V60. Any pointers?",
        answers: [
          "Nice present! Start at about the size of coarse sand. If the water runs through in less than two and a half minutes, go finer.",
        ],
      },
      {
        text: "Mine takes almost five minutes. Coarser, I suppose?",
        answers: ["Exactly, two or three clicks. Five minutes also makes it taste dry."],
      },
      {
        text: "That makes sense, I'll have another go tonight. Thank you!",
        answers: ["Good luck, and write again if it still misbehaves."],
      },
    ],
  },
  {
    mood: "angry",
    language: "en",
    voice: "m",
    page: "/shop/delivery.html",
    ending: "stays",
    lines: [
      {
        text: "My coffee was supposed to be here THREE DAYS ago. What is going on?",
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
        text: "I stayed at home a whole morning for this delivery!",
        answers: [
          "It is with the courier now, but it was our fault: it left us three days late. It arrives on Monday, and I've refunded the delivery charge.",
        ],
      },
      {
        text: "Fine. If it isn't here on Monday I want all of my money back.",
        answers: ["That's fair. I've written it down so that you won't have to explain it again."],
      },
    ],
  },
  {
    mood: "angry",
    language: "en",
    voice: "f",
    page: "/shop/",
    ending: "stays",
    lines: [
      {
        text: "I ordered whole beans and you sent me ground coffee. For the second time!",
        answers: ["That shouldn't have happened even once, I'm sorry. Which order is it?"],
      },
      {
        text: "FF-20586, two bags of Dawn. What am I supposed to do with it, I don't even own a filter.",
        answers: [
          "Please keep them or give them away. Two bags of whole beans leave tomorrow, at no charge.",
        ],
      },
      {
        text: "And who makes sure that it isn't ground again?",
        answers: [
          "I've put a note on the order that the roaster has to sign off. You'll get a photo of the bags before they leave.",
        ],
      },
      {
        text: "All right, that I can live with.",
        answers: ["Thank you for your patience. I'm sorry for the trouble."],
      },
    ],
  },
  {
    mood: "ordering",
    language: "en",
    voice: "m",
    page: "/shop/",
    ending: "ends",
    lines: [
      {
        text: "Hello, I'd like 12 bags of Ember for our office, but the shop stops at 10. Can I order here?",
        answers: ["Hello! Gladly, that limit is only there for the web shop. Where should it go?"],
      },
      {
        text: "To Cork, in Ireland. How much would that be with delivery?",
        answers: [
          "12 bags are €117.60 and delivery is €6.90, so €124.50 in all. They'd leave on Friday morning.",
        ],
      },
      {
        text: "Great, please send me the payment link by email.",
        answers: ["It's on its way. Anything else?"],
      },
      { text: "No, that's all. Cheers!", answers: ["Thank you for your order!"] },
    ],
  },
  {
    mood: "ordering",
    language: "en",
    voice: "f",
    page: "/shop/",
    ending: "ends",
    lines: [
      {
        text: "Do you have a subscription? I'd like two bags a month, a different coffee each time.",
        answers: [
          "We do: two bags on the first Friday of the month, as beans or ground. Shall I set it up for you?",
        ],
      },
      {
        text: "Yes please, as beans. Can I pause it while I'm away in August?",
        answers: [
          "Any time, as long as you tell us before the Wednesday of that week. I've just sent you an email to confirm.",
        ],
      },
      {
        text: "Confirmed! Looking forward to the first ones.",
        answers: ["Wonderful. Dawn and Tide will make the start."],
      },
    ],
  },
  {
    mood: "manager",
    language: "en",
    voice: "f",
    page: "/shop/delivery.html",
    ending: "stays",
    lines: [
      {
        text: "I cancelled my subscription five weeks ago and you have charged me again since.",
        answers: [
          "I'm sorry. I can see the cancellation from the 3rd. Let me check the payment with accounts.",
        ],
      },
      {
        text: "I've been told that twice already. I want to speak to a manager, please.",
        escalates: true,
        answers: ["I understand. I'm passing you on to a colleague who can decide this."],
      },
      {
        text: "So, can you tell me when I get my €27.70 back?",
        answers: [
          "I've just released the refund. It will be in your account within two working days.",
        ],
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
        text: "your coffee tastes like dishwater and your shop is a joke",
        answers: ["I'm sorry you feel that way. What went wrong? I'd like to help."],
      },
      {
        text: "help?? you couldn't boil water if your life depended on it",
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
    page: "/shop/",
    ending: "vanishes",
    lines: [{ text: "hi", answers: ["Hello! How can I help you?"] }],
  },
  {
    mood: "comingBack",
    language: "en",
    voice: "m",
    page: "/shop/",
    ending: "ends",
    lines: [
      {
        text: "Is there really no caffeine in your Night shift? It's for my wife, she's expecting.",
        answers: [
          "Next to none: 99.9 % is taken out, with nothing but water and sugar cane. Still, a quick word with her doctor won't hurt.",
        ],
      },
      {
        text: "Good to know, thanks. I'll ask her whether she wants it as beans or ground.",
        answers: ["Do. If ground, tell us what she brews it with."],
      },
      {
        text: "Me again! Ground for a French press, please. Do you still have some?",
        later: true,
        answers: ["Welcome back! Yes, eleven bags of this roast. Shall I put one aside?"],
      },
      { text: "Please do. Thank you!", answers: ["Done, it's kept for you until Friday."] },
    ],
  },
];
