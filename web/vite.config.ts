import { defineConfig, type UserConfig } from "vite";

/** Pages that stand alone: each one script and one style sheet, which the command line or a notebook puts in place. */
const alone = (name: string) => ({
  outDir: "../src/overdrive/studio/assets/alone",
  emptyOutDir: false,
  copyPublicDir: false,
  cssCodeSplit: false,
  rolldownOptions: {
    input: `src/${name}.tsx`,
    preserveEntrySignatures: "strict",
    output: { format: "es", entryFileNames: `${name}.js`, assetFileNames: `${name}.[ext]`, codeSplitting: false },
  },
});
/** Most functions run on the first page: compiled while the script loads, beside the page's own thread. */
const EAGER = "//# allFunctionsCalledOnLoad";
const pages = { outDir: "../src/overdrive/studio/assets", emptyOutDir: true, rolldownOptions: { output: { postBanner: EAGER } } };

// The built files are committed, so a build must give the same bytes each time: nothing of the date or the machine goes in.
export default defineConfig(
  ({ mode }) =>
    ({
      oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
      build: {
        target: "es2022",
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        reportCompressedSize: true,
        ...(mode === "production" ? pages : alone(mode)),
      },
      test: { include: ["src/**/*.test.ts"] },
    }) as UserConfig,
);
