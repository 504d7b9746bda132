// A list of fiches in a text: its buttons open the chooser of several fiches at once, which come in the order in which they were
// ticked. What the list has already is left out, and said. “Choose another”, beside a fiche, opens the chooser of one.
{
  const { ListBlock, ListBlockDefinition } = window.wagtailStreamField.blocks;

  // The fiches that are ticked in the chooser that is open, in order.
  const ticked = new Set();
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-multiple-choice-form] [type=checkbox]")) return;
    ticked.delete(target.value);
    if (target.checked) ticked.add(target.value);
  });

  class FicheList extends ListBlock {
    _onRequestInsert(index) {
      this.choose(this.blockDef.childBlockDef.widget, index);
    }

    insert(value, index, options) {
      const child = super.insert(value, index, options);
      const { widget } = child.block;
      const chooseOne = widget.openChooserModal.bind(widget);
      widget.openChooserModal = () => {
        if (key(widget.getState())) chooseOne();
        else this.choose(this.blockDef.childBlockDef.widget, this.children.indexOf(child) + 1);
      };
      return child;
    }

    choose(chooser, index) {
      ticked.clear();
      const rank = (fiche) => [...ticked].indexOf(key(fiche));
      chooser.openModal((chosen) => this.add(chosen.toSorted((one, other) => rank(one) - rank(other)), index), { multiple: true });
    }

    add(chosen, index) {
      const present = new Set(this.children.map((child) => key(child.block.widget.getState())));
      const added = chosen.filter((fiche) => !present.has(key(fiche)));
      const empty = this.children.filter((child) => !key(child.block.widget.getState()));
      added.forEach((fiche, place) => {
        const child = empty[place] || this.insert(null, index + place - Math.min(place, empty.length));
        child.block.widget.setStateFromModalData(fiche);
      });
      if (added.length < chosen.length) {
        const detail = { text: this.blockDef.meta.alreadyThere, type: "warning" };
        document.dispatchEvent(new CustomEvent("w-messages:add", { detail }));
      }
    }
  }

  class FicheListDefinition extends ListBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      return new FicheList(this, placeholder, prefix, initialState, initialError);
    }
  }

  const key = (fiche) => (fiche && fiche.id ? String(fiche.id) : "");

  window.telepath.register("rallynov.FicheList", FicheListDefinition);
}
