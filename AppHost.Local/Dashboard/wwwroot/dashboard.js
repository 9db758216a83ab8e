const rows = document.getElementById("rows");
const summary = document.getElementById("summary");
const problem = document.getElementById("problem");
const picker = document.getElementById("picker");
const log = document.getElementById("log");
const follow = document.getElementById("follow");
const variables = document.getElementById("variables");
const environment = document.getElementById("environment");
const environmentCount = document.getElementById("environment-count");
const longestLog = 2000;
const pollEvery = 1500;

let stream = null;
let selected = null;
let pending = new Set();

const element = (tag, text, className) => {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = text;
  if (className) node.className = className;
  return node;
};

const tone = (resource) => {
  if (resource.state === "FailedToStart" || resource.state === "Restarting") return "bad";
  if (resource.state === "Running") return resource.health === "Unhealthy" ? "bad" : resource.health === "Unknown" ? "wait" : "good";
  if (resource.state === "Exited" || resource.state === "Finished" || resource.state === "NotStarted") return "off";
  return "wait";
};

const label = (resource) => {
  const names = { FailedToStart: "Failed to start", NotStarted: "Not started" };
  const state = names[resource.state] ?? resource.state;
  if (resource.state === "Running" && resource.health === "Unknown") return "Running, starting up";
  return resource.state === "Running" && resource.health === "Unhealthy" ? `${state}, ${resource.health.toLowerCase()}` : state;
};

const since = (text) => {
  const seconds = Math.max(0, Math.round((Date.now() - new Date(text).getTime()) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min ago`;
};

const address = (cell, url) => {
  if (url.startsWith("http")) {
    const link = element("a", url);
    link.href = url;
    link.rel = "noreferrer";
    link.target = "_blank";
    cell.append(link);
  } else {
    cell.append(element("span", url, "soft"));
  }
};

const button = (resource, command) => {
  const text = command[0].toUpperCase() + command.slice(1);
  const node = element("button", text);
  node.type = "button";
  node.dataset.key = `${resource.name}/${command}`;
  node.setAttribute("aria-label", `${text} ${resource.name}`);
  node.disabled = pending.has(resource.name);
  node.addEventListener("click", () => run(resource.name, command));
  return node;
};

const row = (resource) => {
  const line = element("tr");
  const name = element("th", resource.name);
  name.scope = "row";
  const state = element("td");
  state.append(element("span", label(resource), `state ${tone(resource)}`));
  if (resource.message) state.append(element("span", resource.message, "why"));
  if (resource.exitCode !== null && resource.state !== "Running") state.append(element("span", `Exit code ${resource.exitCode}`, "why"));
  const urls = element("td");
  resource.urls.forEach((url) => address(urls, url));
  const started = element("td", resource.startedAt ? since(resource.startedAt) : "");
  if (resource.startedAt) started.title = new Date(resource.startedAt).toLocaleString();
  const actions = element("td");
  const group = element("div", null, "actions");
  resource.commands.forEach((command) => group.append(button(resource, command)));
  if (resource.pid !== null || resource.commands.length > 0) {
    const logs = element("button", "Logs");
    logs.type = "button";
    logs.dataset.key = `${resource.name}/logs`;
    logs.setAttribute("aria-label", `Logs of ${resource.name}`);
    logs.addEventListener("click", () => { picker.value = resource.name; select(resource.name); log.focus(); });
    group.append(logs);
  }
  actions.append(group);
  line.append(name, element("td", resource.type, "soft"), state, urls, started, element("td", resource.commands.length ? resource.restarts : ""), actions);
  return line;
};

const choices = (resources) => {
  const names = ["apphost", ...resources.filter((resource) => resource.commands.length > 0).map((resource) => resource.name)];
  if (names.join() === [...picker.options].map((option) => option.value).join()) return;
  picker.replaceChildren(...names.map((name) => { const option = element("option", name); option.value = name; return option; }));
  if (selected && names.includes(selected)) picker.value = selected;
};

const fail = (text) => {
  problem.hidden = !text;
  if (problem.textContent !== text) problem.textContent = text;
};

const refresh = async () => {
  try {
    const response = await fetch("/api/resources");
    if (!response.ok) throw new Error(`The host answered ${response.status}.`);
    const { resources } = await response.json();
    // The rows are made anew, so what had the focus gets it back.
    const focused = document.activeElement?.dataset?.key;
    rows.replaceChildren(...resources.map(row));
    if (focused) rows.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    choices(resources);
    if (!selected) select("apphost");
    const checked = resources.filter((resource) => resource.health !== null);
    const healthy = checked.filter((resource) => resource.health === "Healthy").length;
    const text = healthy === checked.length ? `All ${checked.length} resources are healthy` : `${healthy} of ${checked.length} resources are healthy`;
    if (summary.textContent !== text) summary.textContent = text;
    fail("");
  } catch {
    summary.textContent = "Not connected";
    fail("The host does not answer. It was stopped, or is starting again; this page goes on trying.");
  }
};

const run = async (name, command) => {
  pending.add(name);
  refresh();
  try {
    const response = await fetch(`/api/resources/${encodeURIComponent(name)}/${command}`, { method: "POST", headers: { "X-Dashboard-Request": "1" } });
    if (!response.ok) fail((await response.json()).error.message);
  } catch {
    fail(`The host did not answer: ${name} was not asked to ${command}.`);
  } finally {
    pending.delete(name);
    refresh();
  }
};

const append = (line) => {
  const node = element("div", null, line.isError ? "error" : "");
  const time = element("time", new Date(line.timestamp).toLocaleTimeString());
  time.dateTime = line.timestamp;
  node.append(time, line.text);
  log.append(node);
  while (log.childElementCount > longestLog) log.firstElementChild.remove();
};

// Lines come faster than a screen can show them: one drawing for all of one frame.
let queue = [];
const enqueue = (line) => {
  if (queue.push(line) > 1) return;
  requestAnimationFrame(() => {
    const lines = queue.slice(-longestLog);
    queue = [];
    lines.forEach(append);
    if (follow.checked) log.scrollTop = log.scrollHeight;
  });
};

const loadEnvironment = async () => {
  if (!selected || selected === "apphost") {
    variables.replaceChildren();
    environmentCount.textContent = "";
    environment.hidden = true;
    return;
  }
  environment.hidden = false;
  const response = await fetch(`/api/resources/${encodeURIComponent(selected)}`);
  if (!response.ok) return;
  const detail = await response.json();
  environmentCount.textContent = `(${detail.environment.length})`;
  variables.replaceChildren(...detail.environment.map((variable) => {
    const line = element("tr");
    const name = element("th", variable.name);
    name.scope = "row";
    line.append(name, element("td", variable.value));
    return line;
  }));
};

const select = (name) => {
  if (selected === name) return;
  selected = name;
  stream?.close();
  log.replaceChildren();
  queue = [];
  stream = new EventSource(`/api/resources/${encodeURIComponent(name)}/logs`);
  stream.onmessage = (event) => enqueue(JSON.parse(event.data));
  loadEnvironment().catch(() => fail("The environment could not be loaded."));
};

picker.addEventListener("change", () => select(picker.value));
document.getElementById("clear").addEventListener("click", () => log.replaceChildren());
environment.addEventListener("toggle", () => { if (environment.open) loadEnvironment().catch(() => fail("The environment could not be loaded.")); });
log.addEventListener("wheel", (event) => { if (event.deltaY < 0) follow.checked = false; }, { passive: true });

const poll = async () => {
  if (!document.hidden) await refresh();
  setTimeout(poll, pollEvery);
};
poll();
