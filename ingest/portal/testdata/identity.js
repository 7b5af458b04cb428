// Walks through the portal as who signs in at a provider does, in a real browser: accepts an
// invitation with the identity, signs out and in by it; another, who has a password, links one
// in the account, is asked for nothing else at the next sign-in, ends a session, takes another
// language. Called: node identity.js SETTINGS, a JSON object; prints a JSON object.
"use strict";
const { set, found, look, press, open, walk } = require("./kit.js");

// proves who it is at the provider, and comes back.
async function prove(page, login) {
  await page.waitForURL(/\/interaction\//);
  await page.fill("input[name=login]", login);
  await page.fill("input[name=password]", "any");
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click("button[type=submit]")]);
  if (/\/interaction\//.test(page.url())) { // it asks for consent, the first time
    await Promise.all([page.waitForURL((u) => u.href.startsWith(set.address)), page.click("button[type=submit]")]);
  }
  await page.waitForLoadState("load");
}

const where = (page) => new URL(page.url()).pathname;

async function main() {
  const { fresh } = await open();
  // An invitation, accepted with the identity.
  const one = await fresh();
  await one.goto(set.invitations[0]);
  await look(one, "invitation-provider");
  await one.fill("#provider-name", "one");
  await one.click("button[name=provider]");
  await prove(one, "subject-one");
  found.accepted = where(one);
  await press(one, "form[action='/signout'] button");
  await look(one, "signin-provider");
  await one.click("a.button");
  await one.waitForURL(set.address + "/uploads"); // the provider knows the browser
  found.signedIn = await one.textContent(".who");
  await one.goto(set.address + "/account");
  await look(one, "account-provider");
  found.passwordAsked = await one.locator("#present, #link-present").count();
  await press(one, "form[action='/account/identities/unlink'] button");
  found.last = await one.textContent("[role=alert]");
  await look(one, "account-last");

  // One with a password links an identity; another's is refused.
  const two = await fresh();
  await two.goto(set.invitations[1]);
  await two.fill("#name", "two");
  await two.fill("#password", set.password);
  await press(two, "form.card button");
  await two.goto(set.address + "/account");
  await two.fill("#link-present", "not the password");
  await press(two, "button[name=provider]");
  found.wrong = await two.textContent("[role=alert]");
  for (const [login, key] of [["subject-one", "taken"], ["subject-two", "linked"]]) {
    await two.goto(set.address + "/account");
    await two.fill("#link-present", set.password);
    await two.click("button[name=provider]");
    await prove(two, login);
    found[key] = where(two) + ": " + await two.locator("section:has(#identities) li").count() + " " + await two.locator("[role=alert]").count();
    await look(two, "account-" + key);
  }
  await press(two, "form[action='/signout'] button");
  await two.click("a.button");
  await two.waitForURL(set.address + "/uploads");
  found.signedInTwo = await two.textContent(".who");

  // Another session is ended from here, and the language changed.
  const three = await fresh();
  await three.goto(set.address + "/signin");
  await three.fill("#name", "two");
  await three.fill("#password", set.password);
  await press(three, "form.card button");
  await two.goto(set.address + "/account");
  found.sessions = await two.locator("section:has(#sessions) li").count();
  await press(two, "form[action='/account/sessions/end'] button");
  found.sessionsLeft = await two.locator("section:has(#sessions) li").count();
  await three.goto(set.address + "/account");
  found.ended = where(three);
  await two.selectOption("#account-lang", set.other);
  await press(two, "form[action='/account/language'] button");
  found.lang = await two.evaluate(() => document.documentElement.lang);
  await look(two, "account-language");

  // A stranger whom the provider knows, and no account does.
  await three.goto(set.address + "/signin");
  await three.click("a.button");
  await prove(three, "nobody");
  found.unknown = where(three) + ": " + await three.textContent("[role=alert]");
  await look(three, "signin-unknown");
}

walk(main);
