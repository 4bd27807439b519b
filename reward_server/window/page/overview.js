import { h, show } from "./dom.js";

export async function overview(place) {
  show(place, h("h1", {}, "overview"));
}
