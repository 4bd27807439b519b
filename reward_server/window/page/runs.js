import { h, show } from "./dom.js";

export async function runs(place) {
  show(place, h("h1", {}, "runs"));
}
