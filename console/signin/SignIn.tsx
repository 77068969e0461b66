import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { seconds } from "#shared/model/time.ts";
import { LanguageSelect } from "../preferences/LanguageSelect.tsx";
import type { Preferences } from "../preferences/preferences.ts";
import type { Say } from "../text/speech.ts";
import { Icon } from "../ui/Icon.tsx";
import type { Account, Accounts } from "./accounts.ts";
import { mistakesIn } from "./mistakes.ts";

type Trouble = { kind: "wrong" | "network" | "ended" } | { kind: "rate"; until: number } | null;

type Props = {
  accounts: Accounts;
  preferences: Preferences;
  t: Say;
  /** The session ended by itself, so the person should hear why they are here. */
  ended: boolean;
  onSignedIn: (account: Account) => void;
};

/** The door. Plain fields with the usual names, so that password managers know them. */
export function SignIn({ accounts, preferences, t, ended, onSignedIn }: Props): VNode {
  const email = useSignal("");
  const password = useSignal("");
  const visible = useSignal(false);
  const capsLock = useSignal(false);
  const busy = useSignal(false);
  const tried = useSignal(false);
  const trouble = useSignal<Trouble>(ended ? { kind: "ended" } : null);
  const left = useSecondsLeft(trouble.value?.kind === "rate" ? trouble.value.until : null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const ids = useId();
  const mistakes = tried.value ? mistakesIn(email.value, password.value) : {};

  useLayoutEffect(() => {
    document.title = t("signin.title");
  }, [t]);

  const submit = async () => {
    tried.value = true;
    // Password managers fill fields without telling: what they hold counts, not what was heard.
    email.value = emailField.current?.value ?? "";
    password.value = passwordField.current?.value ?? "";
    const wrong = mistakesIn(email.value, password.value);
    if (wrong.email) emailField.current?.focus();
    else if (wrong.password) passwordField.current?.focus();
    if (wrong.email || wrong.password || busy.value || left > 0) return;
    busy.value = true;
    trouble.value = null;
    const answer = await accounts.signIn(email.value.trim(), password.value);
    busy.value = false;
    if (answer.ok) {
      onSignedIn(answer.account);
    } else if (answer.why === "rate") {
      trouble.value = { kind: "rate", until: Date.now() + answer.retryAfterMs };
    } else {
      trouble.value = { kind: answer.why };
      passwordField.current?.select();
      passwordField.current?.focus();
    }
  };
  const lookAtCapsLock = (event: KeyboardEvent) => {
    capsLock.value = event.getModifierState("CapsLock");
  };
  const message = () => {
    const now = trouble.value;
    if (now?.kind === "rate") return left > 0 ? t("signin.rate", { count: left }) : "";
    return now ? t(`signin.${now.kind}`) : "";
  };

  return (
    <main class="signin">
      <form
        class="signin-card"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <svg class="signin-logo" width="40" height="40" viewBox="0 0 26 26" aria-hidden="true">
          <path d="M3 5.5A2.5 2.5 0 0 1 5.5 3h15A2.5 2.5 0 0 1 23 5.5v10a2.5 2.5 0 0 1-2.5 2.5H12l-5.5 5v-5h-1A2.5 2.5 0 0 1 3 15.5z" />
        </svg>
        <h1>{t("signin.title")}</h1>
        <p class="signin-lead">{t("signin.lead")}</p>
        <p class={`form-error${trouble.value?.kind === "ended" ? " calm" : ""}`} role="alert">
          {message()}
        </p>
        <label class="labelled" for={`${ids}-email`}>
          {t("signin.email")}
        </label>
        <input
          ref={emailField}
          id={`${ids}-email`}
          class="field"
          type="email"
          name="email"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          autofocus
          required
          aria-invalid={mistakes.email !== undefined}
          aria-describedby={`${ids}-email-error`}
          value={email.value}
          onInput={(event) => {
            email.value = event.currentTarget.value;
          }}
        />
        <p class="field-error" id={`${ids}-email-error`}>
          {mistakes.email && t(`signin.${mistakes.email}`)}
        </p>
        <label class="labelled" for={`${ids}-password`}>
          {t("signin.password")}
        </label>
        <div class="with-button">
          <input
            ref={passwordField}
            id={`${ids}-password`}
            class="field"
            // The types know each kind of input by itself and not one that changes its kind.
            type={(visible.value ? "text" : "password") as "password"}
            name="password"
            autocomplete="current-password"
            autocapitalize="none"
            spellcheck={false}
            required
            aria-invalid={mistakes.password !== undefined}
            aria-describedby={`${ids}-password-error ${ids}-caps`}
            value={password.value}
            onInput={(event) => {
              password.value = event.currentTarget.value;
            }}
            onKeyDown={lookAtCapsLock}
            onKeyUp={lookAtCapsLock}
            onBlur={() => {
              capsLock.value = false;
            }}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={t(visible.value ? "signin.hide" : "signin.show")}
            title={t(visible.value ? "signin.hide" : "signin.show")}
            onClick={() => {
              visible.value = !visible.value;
            }}
          >
            <Icon name={visible.value ? "eyeOff" : "eye"} />
          </button>
        </div>
        <p class="field-error" id={`${ids}-password-error`}>
          {mistakes.password && t(`signin.${mistakes.password}`)}
        </p>
        <p class="field-hint" id={`${ids}-caps`} role="status">
          {capsLock.value && t("signin.capsLock")}
        </p>
        <button type="submit" class="button primary wide" aria-disabled={busy.value || left > 0}>
          {t(busy.value ? "signin.busy" : "signin.submit")}
        </button>
      </form>
      <div class="signin-language">
        <LanguageSelect preferences={preferences} t={t} />
      </div>
    </main>
  );
}

/** Whole seconds until an instant of this machine's clock, counting down; 0 when it has passed. */
function useSecondsLeft(until: number | null): number {
  const left = useSignal(0);
  useEffect(() => {
    if (until === null) return;
    const count = () => {
      left.value = Math.max(0, Math.ceil((until - Date.now()) / seconds(1)));
    };
    count();
    const timer = setInterval(count, seconds(1));
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? 0 : left.value;
}
