import { h, show } from "./dom.js";

export async function look(place) {
  show(place, h("h1", {}, "look"));
}
