/** Prints, per package, how many source files and lines there are and which file is the longest; tests apart. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const packages = readdirSync("packages").map((name) => join("packages", name));

function sourcesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name, lines: readFileSync(join(folder, name), "utf8").split("\n").length - 1 }));
}

function summary(label, files) {
  const lines = files.reduce((total, file) => total + file.lines, 0);
  const longest = files.reduce((a, b) => (b.lines > a.lines ? b : a), { name: "-", lines: 0 });
  return `${label.padEnd(28)}${String(files.length).padStart(6)}${String(lines).padStart(8)}   ${longest.name} (${longest.lines})`;
}

console.log(`${"".padEnd(28)}${"files".padStart(6)}${"lines".padStart(8)}   longest`);
for (const folder of [...packages, "bench"]) {
  const files = sourcesUnder(join(folder, "src"));
  const isTest = ({ name }) => name.endsWith(".test.ts");
  console.log(
    summary(
      `${folder}/src`,
      files.filter((file) => !isTest(file)),
    ),
  );
  console.log(summary("  its tests and laws", [...files.filter(isTest), ...sourcesUnder(join(folder, "laws"))]));
}
