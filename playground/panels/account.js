/**
 * The panel to sign in or to make an account, and the button that shows who is signed in.
 * @module
 */

import { byId } from "../shared/dom.js";

export class AccountPanel {
  /** @param {import("../network/session.js").Session} session */
  constructor(session) {
    this.session = session;
    this.dialog = byId("account");
    this.form = byId("account-form");
    this.message = byId("account-message");
    this.submit = byId("account-submit");
    this.nameRow = byId("account-name-row");
    this.button = byId("open-account");
    this.button.addEventListener("click", () => this.open());
    byId("sign-out").addEventListener("click", () => this.signOut());
    this.form.addEventListener("submit", (event) => this.enter(event));
    for (const choice of this.form.elements.namedItem("operation")) {
      choice.addEventListener("change", () => this.render());
    }
    session.addEventListener("change", () => this.render());
    this.render();
  }

  get operation() {
    return /** @type {"login" | "register"} */ (this.form.elements.namedItem("operation").value);
  }

  open() {
    this.message.textContent = "";
    this.render();
    this.dialog.showModal();
  }

  async signOut() {
    this.dialog.close();
    await this.session.leave();
  }

  /** @param {SubmitEvent} event */
  async enter(event) {
    event.preventDefault();
    const isNew = this.operation === "register";
    const value = (name) => this.form.elements.namedItem(name).value;
    const input = { email: value("email").trim(), password: value("password") };
    if (isNew) Object.assign(input, { name: value("name").trim() });
    this.message.textContent = "";
    this.submit.disabled = true;
    try {
      await this.session.enter(this.operation, input);
      this.form.elements.namedItem("password").value = "";
      this.dialog.close();
    } catch (error) {
      this.message.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.submit.disabled = false;
    }
  }

  render() {
    const account = this.session.account;
    const isNew = this.operation === "register";
    this.button.textContent = account ? account.email : "Sign in";
    this.button.classList.toggle("is-signed-in", account !== null);
    this.form.hidden = account !== null;
    byId("signed-in").hidden = account === null;
    byId("signed-in-email").textContent = account?.email ?? "";
    this.nameRow.hidden = !isNew;
    this.form.elements.namedItem("name").required = isNew;
    this.form.elements.namedItem("password").autocomplete = isNew ? "new-password" : "current-password";
    this.submit.textContent = isNew ? "Create account" : "Sign in";
  }
}
