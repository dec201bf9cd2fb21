"use strict";
// One form for each answer. A save carries the version that the page was made from; the server refuses one that is no longer current.

const forms = [...document.querySelectorAll("form.mark")];
const xsrf = document.querySelector("meta[name=xsrf]").content;

const boxesOf = (form) => [...form.querySelectorAll("input")];
const valueOf = (box) => (box.value.trim() === "" ? null : Number(box.value));

function sum(form) {
  const filled = boxesOf(form).map(valueOf).filter((value) => value !== null);
  const total = filled.reduce((one, other) => one + other, 0);
  form.querySelector("output").value = filled.length ? String(Math.round(total * 100) / 100) : "–";
}

function tell(form, text, isProblem) {
  const said = form.querySelector(".said");
  said.textContent = text;
  said.classList.toggle("problem", isProblem);
}

function count() {
  const waiting = forms.filter((form) => form.dataset.waits === "yes").length;
  const unsaved = forms.filter((form) => form.dataset.unsaved === "yes").length;
  const rest = unsaved ? ` ${unsaved} changed and not saved yet.` : "";
  document.getElementById("left").textContent = `${waiting} of ${forms.length} answers wait for their mark.${rest}`;
}

function take(form, now) {
  form.dataset.version = now.version;
  form.dataset.waits = now.waits ? "yes" : "no";
  form.closest("article").className = now.waits ? "waits" : "marked";
}

async function save(form) {
  const boxes = boxesOf(form).map(valueOf);
  const comment = form.querySelector("textarea").value;
  const sent = JSON.stringify([boxes, comment]);
  form.querySelector("button").disabled = true;
  try {
    const answer = await fetch("/save", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRFToken": xsrf },
      body: JSON.stringify({ answer: form.dataset.answer, version: form.dataset.version, boxes, comment }),
    });
    if (answer.status === 200) {
      const now = await answer.json();
      take(form, now);
      const same = JSON.stringify([boxesOf(form).map(valueOf), form.querySelector("textarea").value]) === sent;
      form.dataset.unsaved = same ? "no" : "yes";
      tell(form, now.score === null ? "The comment is saved; there is no mark yet." : `Saved: ${now.score} points.`, false);
    } else if (answer.status === 409) {
      const now = await answer.json();
      if (now.version.split("-")[1] !== form.dataset.version.split("-")[1]) {
        tell(form, "Not saved: the work itself changed meanwhile. Load the page again and read it first.", true);
        return;
      }
      take(form, now);
      const mark = now.score === null ? "no mark" : `${now.score} points`;
      const words = now.comment ? `, with the comment “${now.comment}”` : "";
      tell(form, `Not saved: somebody else changed this meanwhile. It has ${mark}${words}. Load the page again to see it, or save once more to put yours in its place.`, true);
    } else if (answer.status === 422) {
      tell(form, `Not saved. ${(await answer.json()).problem}`, true);
    } else {
      tell(form, "Not saved: the server refused. Open the address that `litu mark` printed again.", true);
    }
  } catch {
    tell(form, "Not saved: the server does not answer. Is `litu mark` still running?", true);
  } finally {
    form.querySelector("button").disabled = false;
    count();
  }
}

for (const form of forms) {
  sum(form);
  form.addEventListener("input", () => {
    form.dataset.unsaved = "yes";
    for (const box of boxesOf(form)) {
      box.setAttribute("aria-invalid", String(box.validity.badInput || box.validity.rangeUnderflow || box.validity.rangeOverflow));
    }
    sum(form);
    count();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(form);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save(form);
    } else if (event.key === "Enter" && event.target.tagName === "INPUT") {
      event.preventDefault();
    }
  });
}
window.addEventListener("beforeunload", (event) => {
  if (forms.some((form) => form.dataset.unsaved === "yes")) event.preventDefault();
});
count();
