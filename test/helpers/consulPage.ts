import { chromium } from "playwright-core";
import { ensurePackages } from "../../lab/debianPackages";

/** Debian's Chromium, and letters for it to write with. */
const PACKAGES = ["chromium", "fonts-dejavu-core"];

/**
 * The entries that Consul's page shows in a folder of its key/value store, as a person's browser does; a picture of the
 * page goes to `picture` where that is given.
 */
export async function keysOnConsulPage(uiUrl: string, folder: string, picture?: string): Promise<string[]> {
  await ensurePackages(PACKAGES, "a look at Consul's page", console.log);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1000, height: 480 } });
    await page.goto(`${uiUrl}dc1/kv/${folder}`);
    const rows = page.locator("table tbody tr td:first-child, [role=row] [role=cell]:first-child");
    await rows.first().waitFor();
    const shown = await rows.allInnerTexts();
    if (picture !== undefined) await page.screenshot({ path: picture });
    return shown.map((text) => text.trim()).filter((text) => text !== "");
  } finally {
    await browser.close();
  }
}
