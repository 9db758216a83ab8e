// Uses the published client as its own documentation does, and prints what it got as one line of JSON.
const { PistonClient } = require('piston-api');

async function main(baseUrl) {
  const client = new PistonClient({ baseUrl });
  const runtimes = await client.getRuntimes();
  const run = await client.run({ language: 'python', code: 'greets', stdin: 'from npm' });
  const refused = await client.run({ language: 'python', version: '1.x', code: 'greets' }).then(
    () => null,
    (error) => error.message,
  );

  const session = await interact(client);
  console.log(JSON.stringify({ languages: runtimes.map((runtime) => runtime.language), run: run.run, refused, session }));
}

function interact(client) {
  return new Promise((resolve, reject) => {
    const seen = { stages: [], output: '', code: undefined };
    client.on('sessionStage', (id, stage) => {
      seen.stages.push(stage);
      if (stage === 'run') client.sendInput(id, 'typed\n');
    });
    client.on('sessionOutput', (id, data) => {
      seen.output += data;
    });
    client.on('sessionError', (id, message) => reject(new Error(message)));
    client.on('sessionCompleted', (id, code) => {
      seen.code = code;
      resolve(seen);
    });
    client.runInteractive('converses', 'python').catch(reject);
  });
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
