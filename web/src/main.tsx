import { render } from "preact";
import { logIn } from "./app/login";
import { keepPlaces } from "./app/places";
import { Shell } from "./app/shell";
import { followTextSize } from "./app/text-size";
import { followSystem } from "./app/theme";
import "./style/base.css";
import "./style/layout.css";
import "./style/table.css";

followSystem();
followTextSize();
keepPlaces();
render(<Shell />, document.getElementById("app")!);
void logIn();
