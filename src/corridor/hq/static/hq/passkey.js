// Passkeys: asks the browser to make or show one, and hands the answer to headquarters. Without it codes still work.

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });
  const told = await answer.json();
  if (told.see) location.assign(told.see);
  if (!answer.ok) throw new Error(told.says || "");
  return told;
}

function asked(options) {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const one of [...(key.excludeCredentials || []), ...(key.allowCredentials || [])]) one.id = bytes(one.id);
  return { publicKey: key };
}

function told(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  const extensions = credential.getClientExtensionResults();
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: extensions };
}

async function show(button) {
  const options = asked(await post(button.dataset.ask, {}));
  const credential = await navigator.credentials.get(options);
  const answer = await post(button.dataset.passkey, told(credential));
  location.assign(answer.then);
}

async function make(button) {
  const options = asked(await post(button.dataset.ask, {}));
  const credential = await navigator.credentials.create(options);
  const title = button.form.elements.title.value;
  const answer = await post(button.dataset.passkey, { made: told(credential), title });
  if (!answer.codes.length) return location.assign(answer.then);
  const slip = document.querySelector("[data-codes]");
  for (const code of answer.codes) {
    const line = document.createElement("li");
    line.textContent = code;
    slip.querySelector("ol").append(line);
  }
  slip.hidden = false;
  slip.focus();
  button.disabled = true;
}

for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  button.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const said = document.querySelector("[data-said]");
    said.textContent = "";
    try {
      await (button.dataset.does === "make" ? make(button) : show(button));
    } catch (error) {
      said.textContent = (error.name === "Error" && error.message) || said.dataset.said;
    }
  });
}
