// The licence of every package that the bundle holds, with its version.
import { existsSync, readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
for (const [folder, told] of Object.entries(packages).sort()) {
  if (!folder || told.dev || told.optional) continue;
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map((name) => `${folder}/${name}`).find(existsSync);
  console.log(`${folder.replace("node_modules/", "")} ${told.version} (${told.license})\n`);
  console.log(readFileSync(file, "utf8").trim() + "\n\n");
}
