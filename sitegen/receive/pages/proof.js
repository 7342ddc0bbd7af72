// Proof of work (ALTCHA v2, SHA-256), which makes floods of comments expensive: finds the number with
// which the challenge's digest begins as required, and sends it. If that fails, no message is shown:
// the comment has arrived, and waits for a moderator.
const { dataset } = document.currentScript;

function bytes(hex) {
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

async function solution({ nonce, salt, cost, keyLength, keyPrefix }) {
  const start = [...bytes(salt), ...bytes(nonce)];
  const data = new Uint8Array([...start, 0, 0, 0, 0]);
  const view = new DataView(data.buffer);
  for (let counter = 0; counter < 2 ** 32; counter += 1) {
    view.setUint32(start.length, counter);
    let derived = data;
    for (let round = 0; round < cost; round += 1) {
      derived = new Uint8Array(await crypto.subtle.digest("SHA-256", derived));
    }
    const hex = Array.from(derived.slice(0, keyLength), (byte) => byte.toString(16).padStart(2, "0"));
    const derivedKey = hex.join("");
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
  return null;
}

async function prove() {
  const challenge = JSON.parse(dataset.challenge);
  const payload = { challenge, solution: await solution(challenge.parameters) };
  await fetch(dataset.action, {
    method: "POST",
    body: new URLSearchParams({ altcha: btoa(JSON.stringify(payload)) }),
  });
  document.documentElement.dataset.proved = "";
}

if (window.crypto && crypto.subtle) prove();
