// Walks through the portal as its users do, in a real browser: the administrator makes an
// account and sets up the second step, invites a ministry; the ministry takes the form,
// sends a file that is wrong, sees which cell and what to do, sends it mended, answers a
// warning, sees its receipt. Each page is held against axe's rules (WCAG 2.2 AA).
// Called: node journey.js SETTINGS, a JSON object; prints a JSON object.
"use strict";
const { set, found, code, look, press, tab, open, walk } = require("./kit.js");

async function main() {
  const { fresh } = await open();

  // The administrator.
  const admin = await fresh();
  await admin.goto(set.invitation);
  found.lang = await admin.evaluate(() => document.documentElement.lang);
  await look(admin, "invitation");
  await admin.fill("#name", "admin");
  await admin.fill("#password", "short");
  await admin.evaluate(() => { document.querySelector("#password").minLength = 0; });
  await press(admin, "main button");
  found.short = await admin.textContent("[role=alert]");
  await look(admin, "invitation-problem");
  await admin.fill("#password", set.password);
  await press(admin, "main button");
  await look(admin, "account-wanted");
  await press(admin, "main form[action='/account/second-step'] button");
  await look(admin, "account-enrol");
  const key = await admin.textContent("main code");
  await admin.fill("#code", code(key, Date.now()));
  await press(admin, "form[action='/account/second-step/confirm'] button");
  await look(admin, "account-recovery");
  found.recovery = await admin.locator(".codes li").count();
  await admin.goto(set.address + "/accounts");
  await look(admin, "accounts");
  await press(admin, "a[href^='/accounts/codes']");
  found.reset = await admin.locator("form[action='/accounts/codes']").count();
  await look(admin, "reset-codes");
  await admin.goto(set.address + "/account");
  found.left = await admin.textContent("section:has(#second) p");
  await look(admin, "account-own");
  await admin.goto(set.address + "/accounts");
  await admin.selectOption("#role", "ministry");
  await admin.selectOption("#ref-area", "HND");
  await admin.selectOption("#invite-lang", set.lang);
  await press(admin, "form[action='/accounts/invite'] button");
  await look(admin, "accounts-link");
  const link = await admin.textContent("code.secret");
  await admin.goto(set.address + "/log");
  await look(admin, "log");

  // The ministry, by the keyboard where it signs in.
  const ministry = await fresh();
  await ministry.goto(link);
  await ministry.fill("#name", "ministry");
  await ministry.fill("#password", set.password);
  await press(ministry, "main button");
  await press(ministry, "form[action='/signout'] button");
  await look(ministry, "signin");
  await tab(ministry, "#name");
  await ministry.keyboard.type("ministry");
  await tab(ministry, "#password");
  await ministry.keyboard.type(set.password);
  await ministry.keyboard.press("Enter");
  await ministry.waitForURL(set.address + "/uploads");
  await look(ministry, "send");
  const [download] = await Promise.all([ministry.waitForEvent("download"), ministry.click("form[action='/template'] button")]);
  found.form = download.suggestedFilename();
  await download.saveAs(set.form);

  // Sends a file and waits until it was read; gives the verdict.
  const send = async (file) => {
    await ministry.goto(set.address + "/uploads");
    await ministry.setInputFiles("#file", file);
    await ministry.click("#upload button");
    await ministry.waitForURL(/\/uploads\/HND\/upload-/);
    await ministry.waitForSelector("#receipt");
    await ministry.waitForFunction(() => !document.querySelector(".verdict.waiting"), null, { timeout: 60000 }).catch(() => ministry.waitForSelector(".verdict:not(.waiting)", { timeout: 60000 }));
    return ministry.getAttribute(".verdict", "class");
  };
  found.bad = await send(set.files.bad);
  found.badFindings = await ministry.locator("tbody tr").allInnerTexts();
  await look(ministry, "refused");
  const review = ministry.locator("a.button");
  if (await review.count()) {
    const [marked] = await Promise.all([ministry.waitForEvent("download"), review.click()]);
    found.review = marked.suggestedFilename();
  }
  found.good = await send(set.files.good);
  await look(ministry, "accepted");
  found.script = await ministry.evaluate(() => Boolean(window.hacked));
  const answers = ministry.locator("textarea");
  found.asked = await answers.count();
  if (found.asked) {
    await answers.first().fill(set.answer);
    await press(ministry, "form[action$='/answers'] button");
    await ministry.waitForSelector(".verdict:not(.waiting)", { timeout: 60000 });
    found.answered = await ministry.getAttribute(".verdict", "class");
    found.answeredText = await ministry.textContent("main");
    await look(ministry, "answered");
  }
  found.receipt = await (await ministry.request.get(ministry.url() + "/receipt.json")).json();
  await ministry.goto(set.address + "/uploads");
  await look(ministry, "history");
  found.history = await ministry.locator("section:has(#history) tbody tr").count();
  await ministry.goto(set.address + "/account");
  await ministry.fill("#label", "cron");
  await press(ministry, "form[action='/account/tokens'] button");
  found.token = await ministry.textContent("code.secret");
  await look(ministry, "token");
  await ministry.fill("#present", set.password);
  await ministry.fill("#next", set.password + " two");
  await press(ministry, "form[action='/account/password'] button");
  found.changed = await ministry.locator("section:has(#pass) [role=status]").count();
  found.forbidden = (await ministry.goto(set.address + "/accounts")).status();
  found.other = (await ministry.goto(set.address + "/uploads/GTM/upload-20260101T000000Z-0123456789ab")).status();
  await look(ministry, "not-found");
}

walk(main);
